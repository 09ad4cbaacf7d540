"""The page under load: `python -m lab.bench.page --index DIR [--set llm.model=off] ...`.

Prints one JSON object: people asking at once (`crowd`), the same with one closing the tab in the
middle (`crowd_with_leaver`), stopping (`stop`), and memory over many questions (`memory`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from lab.bench.page_people import Heard, Person, Server, serving
from rag.package_data import STARTER
from rag.papers import read
from rag.types import Paper

STAGES = ("crowd", "leaver", "stop", "memory")
_LONG_LIST = "Which papers study alignment?"
_STOPS = 5
_QUIET_SECONDS = 3.0


def titles_of(papers: Path) -> list[str]:
    """The titles of the papers that are asked about."""
    return [record.title for record in read(papers) if isinstance(record, Paper)]


async def crowd(
    server: Server, titles: Sequence[str], *, people: int, each: int, leaver: bool
) -> dict[str, Any]:
    """Everybody asks at once, each about papers of their own; one may close the tab half way."""
    plans = [titles[number * each : (number + 1) * each] for number in range(people)]

    async def one(number: int) -> tuple[list[Heard], list[dict[str, Any]]]:
        leaves = leaver and number == 0
        async with Person(server.url) as person:
            for place, title in enumerate(plans[number]):
                half_way = leaves and place == each // 2
                await person.ask(f"What does the paper {title} show?", leave=half_way)
                if half_way:
                    return person.heard, []
            return person.heard, await person.kept()

    results = await asyncio.gather(*(one(number) for number in range(people)))
    heard = [one for person, _ in results for one in person]
    staying = results[1:] if leaver else results
    crossed = sum(
        [answer["question"] for answer in kept] != [one.question for one in person]
        for person, kept in staying
    )
    about = [
        title in [source["title"] for source in answer["sources"]]
        for (_, kept), plan in zip(results, plans, strict=True)
        for answer, title in zip(kept, plan, strict=False)
    ]
    return {
        "people": people,
        "asked": len(heard),
        "answered": sum(one.whole is not None for one in heard),
        "people_who_saw_questions_of_others": crossed,
        "answers_citing_the_paper_asked_about": sum(about),
        "first_evidence_seconds": spread([one.evidence for one in heard]),
        "whole_answer_seconds": spread([one.whole for one in heard]),
    }


async def stopping(server: Server) -> dict[str, Any]:
    """Stop while a long list is written; what the server computes after it, and what comes next."""
    stopped: list[float | None] = []
    after: list[float] = []
    following: list[float | None] = []
    async with Person(server.url) as person:
        for _ in range(_STOPS):
            heard = await person.ask(_LONG_LIST, stop_after=1.0)
            if heard.whole is not None and heard.evidence is not None:
                stopped.append(heard.whole - heard.evidence - 1.0)
            used = server.processor_seconds()
            await asyncio.sleep(_QUIET_SECONDS)
            after.append(server.processor_seconds() - used)
            following.append((await person.ask("What does CIVICS show?", stop_after=0)).read)
        outcomes = [answer["outcome"] for answer in await person.kept()]
    return {
        "outcomes_of_what_was_stopped": outcomes[::2],
        "until_the_answer_ended_seconds": spread(stopped),
        "processor_seconds_in_3_s_after_it": spread(after),
        "until_the_next_question_began_seconds": spread(following),
    }


async def remembering(server: Server, titles: Sequence[str], *, questions: int) -> dict[str, Any]:
    """Memory after 20 questions and after all, a new conversation every five."""
    held: dict[int, int] = {}
    done = 0
    while done < questions:
        async with Person(server.url) as person:
            for _ in range(min(5, questions - done)):
                title = titles[done % len(titles)]
                await person.ask(f"What does the paper {title} show?")
                done += 1
                if done % 20 == 0:
                    held[done] = server.memory()
    return {
        "megabytes_after": {str(count): round(size / 2**20, 1) for count, size in held.items()},
        "last_to_first": round(held[max(held)] / held[min(held)], 3) if held else None,
    }


def spread(values: Sequence[float | None]) -> dict[str, Any]:
    """Median and extremes of the values there are, in their own unit."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return {"count": 0}
    return {
        "count": len(known),
        "median": round(median(known), 2),
        "least": round(known[0], 2),
        "most": round(known[-1], 2),
    }


async def measured(options: argparse.Namespace) -> dict[str, Any]:
    """Everything that was asked for, on one server."""
    arguments = ["--index", str(options.index)]
    arguments += [part for setting in options.set for part in ("--set", setting)]
    titles = titles_of(options.papers)
    result: dict[str, Any] = {"set": options.set, "cores": os.cpu_count()}
    sizes = {"people": options.people, "each": options.each}
    async with serving(arguments) as server:
        for stage in options.stages:
            result[f"load_average_before_{stage}"] = round(os.getloadavg()[0], 1)
            if stage in ("crowd", "leaver"):
                found = await crowd(server, titles, **sizes, leaver=stage == "leaver")
            elif stage == "stop":
                found = await stopping(server)
            else:
                found = await remembering(server, titles, questions=options.questions)
            result[stage] = found
            sys.stderr.write(json.dumps({stage: found}) + "\n")
    return result


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True, help="made where there is none")
    parser.add_argument("--papers", type=Path, default=STARTER, help="what is asked about")
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--each", type=int, default=5, help="questions a person asks")
    parser.add_argument("--questions", type=int, default=200, help="for memory")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=STAGES)
    sys.stdout.write(json.dumps(asyncio.run(measured(parser.parse_args())), indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

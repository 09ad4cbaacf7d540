"""The doors for programs on the running page: gradio_client, the official openai client, MCP."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import openai
import pytest

from rag.contract import SCHEMA

PAGE_MD = Path(__file__).parents[3] / "docs" / "page.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE_MD.read_text(encoding="utf-8"), re.DOTALL)
FACT = "What does the CIVICS paper show?"


@pytest.fixture(scope="module")
def named(quick_page):
    """Gradio's own client."""
    from gradio_client import Client

    client = Client(quick_page.url, verbose=False)
    yield client
    client.close()


@pytest.fixture(scope="module")
def chat(quick_page):
    """OpenAI's own client."""
    return openai.OpenAI(base_url=f"{quick_page.url}v1", api_key="any", timeout=300, max_retries=0)


def check_answer(answer, page, *, question):
    """It is the contract, about the question, and every quote is words of its paper."""
    assert answer["schema"] == SCHEMA
    assert answer["question"] == question
    assert answer["outcome"] == "answered"
    assert answer["claims"]
    for claim in answer["claims"]:
        assert answer["text"][claim["start"] : claim["end"]] == claim["text"]
        for citation in claim["citations"]:
            abstract = page.site.assistant.paper(citation["paper_id"]).abstract
            assert abstract[citation["start"] : citation["end"]] == citation["quote"]


def test_ask_by_name_gives_the_contract(named, quick_page):
    check_answer(named.predict(FACT, api_name="/ask"), quick_page, question=FACT)


def test_ask_by_name_goes_on_from_a_history(named, quick_page):
    first = named.predict(FACT, api_name="/ask")
    ids = [source["paper_id"] for source in first["sources"]]
    history = [
        {"role": "user", "content": FACT},
        {"role": "assistant", "content": first["text"], "paper_ids": ids},
    ]
    answer = named.predict("In which languages was it made?", history, api_name="/ask")
    assert answer["standalone_question"] != answer["question"]
    assert "CIVICS" in answer["standalone_question"]


def test_search_and_get_paper_by_name(named, quick_page):
    hits = named.predict("culturally informed values", k=3, year_min=2024, api_name="/search")
    assert len(hits) == 3
    assert [hit["score"] for hit in hits] == sorted((h["score"] for h in hits), reverse=True)
    paper = named.predict(hits[0]["paper_id"], api_name="/get_paper")
    assert paper["title"] == hits[0]["title"]
    assert paper["abstract"] == quick_page.site.assistant.paper(hits[0]["paper_id"]).abstract
    with pytest.raises(Exception, match="no paper has the id 'nobody'"):
        named.predict("nobody", api_name="/get_paper")


def test_only_what_is_meant_for_programs_has_a_name(named):
    endpoints = named.view_api(return_format="dict")["named_endpoints"]
    assert set(endpoints) == {"/ask", "/search", "/get_paper"}


def test_the_models_of_openai(chat):
    assert [model.id for model in chat.models.list()] == ["quoth"]
    assert chat.models.retrieve("quoth").owned_by == "quoth"
    with pytest.raises(openai.NotFoundError, match="there is 'quoth'"):
        chat.models.retrieve("gpt-9")


def test_a_chat_completion_carries_its_references(chat, quick_page):
    reply = chat.chat.completions.create(
        model="quoth", messages=[{"role": "user", "content": FACT}], temperature=0
    )
    answer = reply.model_extra["quoth"]
    check_answer(answer, quick_page, question=FACT)
    words = reply.choices[0].message.content
    assert words.startswith(answer["text"])
    for source in answer["sources"]:
        assert f"\n[{source['label']}] {source['title']}" in words
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


def test_a_streamed_completion_is_the_same_text(chat):
    messages = [
        {"role": "system", "content": "You are helpful."},
        {"role": "user", "content": [{"type": "text", "text": FACT}]},
    ]
    whole = chat.chat.completions.create(model="quoth", messages=messages)
    stream = chat.chat.completions.create(
        model="quoth", messages=messages, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == whole.choices[0].message.content
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-2].model_extra["quoth"]["schema"] == SCHEMA
    assert chunks[-1].usage is not None


def test_a_chat_goes_on_from_its_own_references(chat):
    messages = [{"role": "user", "content": FACT}]
    first = chat.chat.completions.create(model="quoth", messages=messages).choices[0].message
    messages += [
        {"role": "assistant", "content": first.content},
        {"role": "user", "content": "In which languages was it made?"},
    ]
    second = chat.chat.completions.create(model="quoth", messages=messages)
    assert "CIVICS" in second.model_extra["quoth"]["standalone_question"]


@pytest.mark.parametrize("messages", [[], [{"role": "assistant", "content": "hello"}]])
def test_a_chat_without_a_question_is_a_bad_request(chat, messages):
    with pytest.raises(openai.BadRequestError, match="must be a user's"):
        chat.chat.completions.create(model="quoth", messages=messages)


def with_mcp(url, work, **options):
    """What `work(session)` gives, in a session of the reference MCP client."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def run():
        async with (
            streamablehttp_client(f"{url}gradio_api/mcp/", **options) as (reads, writes, _),
            ClientSession(reads, writes) as session,
        ):
            await session.initialize()
            return await work(session)

    return asyncio.run(run())


def test_mcp_tools_are_described(quick_page):
    tools = with_mcp(quick_page.url, lambda session: session.list_tools()).tools
    described = {tool.name.rpartition("_page_")[2]: tool for tool in tools}
    assert len(described) == 3
    for ending, needed in (("ask", "question"), ("search", "question"), ("get_paper", "paper_id")):
        tool = next(tool for name, tool in described.items() if name.endswith(ending))
        assert len(tool.description) > 20
        assert needed in tool.inputSchema["properties"]


def test_mcp_asks_searches_and_gets_a_paper(quick_page):
    async def work(session):
        names = [tool.name for tool in (await session.list_tools()).tools]

        async def call(ending, **arguments):
            name = next(name for name in names if name.endswith(ending))
            result = await session.call_tool(name, arguments)
            return result.isError, [part.text for part in result.content]

        failed, texts = await call("ask", question=FACT)
        assert not failed
        check_answer(json.loads(texts[0]), quick_page, question=FACT)
        failed, texts = await call("search", question="culturally informed values", k=2)
        assert not failed
        hits = json.loads(texts[0])
        assert len(hits) == 2
        failed, texts = await call("get_paper", paper_id=hits[0]["paper_id"])
        assert not failed
        assert json.loads(texts[0])["title"] == hits[0]["title"]
        failed, texts = await call("get_paper", paper_id="nobody")
        assert failed
        assert "no paper has the id" in texts[0]

    with_mcp(quick_page.url, work)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_the_examples_of_the_manual_run_as_they_stand(quick_page, example, capsys):
    address = "http://127.0.0.1:7860/"
    assert address in example
    code = compile(example.replace(address, quick_page.url), "an example", "exec")
    exec(code, {"__name__": "__main__"})  # knows no name but those it imports
    assert "CIVICS" in capsys.readouterr().out

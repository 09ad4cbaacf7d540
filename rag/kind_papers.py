"""Whether a question wants one paper told, or papers found: the rules on how it is put."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.coined import is_name_like
from rag.kind_topics import ASKING, ASKING_INSIDE, HOW_MUCH

_WRITING: Final = (
    r"(?:paper|study|article|work|publication|preprint|manuscript|report|thesis|trial)"
)
_WRITINGS: Final = (
    r"(?:papers|studies|articles|publications|preprints|manuscripts|reports|references|"
    r"surveys|reviews|theses|trials)"
)
_BODY: Final = r"(?:work|research|literature)"
_THING: Final = (
    r"(?:method|approach|technique|algorithm|dataset|data set|corpus|benchmark|framework|tool|"
    r"toolkit|metric|survey|review|test set|test suite|resource|evidence|model|system|attempt)"
)
_THINGS: Final = (
    r"(?:methods|approaches|techniques|algorithms|datasets|data sets|corpora|benchmarks|"
    r"frameworks|tools|toolkits|metrics|surveys|reviews|resources|strategies|tricks|attempts|"
    r"models|systems|architectures|solutions|theories|experiments|trials|tests|studies|agents|"
    r"networks|llms|policies|encoders|generators|decoders)"
)
_ASKS_FOR_PAPERS: Final = re.compile(
    # which papers, what work, any studies, the papers that ...
    rf"(?:which|what|any|some|more|other|further|relevant|related|recent|early|earlier|older|"
    rf"list|all|every)(?: (?!the\b|two\b|these\b|those\b|of\b)[\w'-]+){{0,3}}? "
    rf"(?:{_WRITINGS}|{_BODY})\b"
    rf"|(?:which|what|any|another) (?:[\w'-]+ )?{_WRITING}\b(?! of)"
    r"|(?:which|what|any|some|other|more|related|recent|earlier|previous|existing|all|list) works\b"
    rf"|(?:\w[\w'-]* ){{0,3}}?{_WRITINGS} (?:on|about|that|which|where|with|using|arguing|showing|"
    rf"of|for|from|in|by|dealing|covering|who|whose|finding|and|to|like|related|against|since)\b"
    rf"|(?:papers|studies|articles)\b"
    rf"|(?:early |recent |more |other |prior |previous |existing )?{_BODY} (?:on|about|that|in|"
    rf"for)\b"
)
_THE_PAPERS: Final = re.compile(r"(?:the|these|those|both|two)\b(?: two| other| following)?")
_ENDS_WITH_PAPERS: Final = re.compile(
    rf"\b(?:{_WRITINGS}|{_BODY}|citations)(?: (?:please|pls|plz|you have|here|there|exist))*$"
)
_IS_THERE: Final = re.compile(
    rf"(?:is|are|was|were|isn't|aren't|have) there (?:(?:a|an|any|some|other|already|ever) )*"
    rf"(?:[\w'-]+ ){{0,3}}?(?:{_WRITINGS}|{_WRITING}|{_BODY}|{_THINGS}|{_THING}|anything|something|"
    rf"anyone|anybody|someone|people)\b"
)
_HAS_ANYONE: Final = re.compile(
    r"(?:has|have|did|does|do|is) (?:anybody|anyone|somebody|someone|people|researchers|"
    r"any (?:group|team|lab|author|authors))\b"
)
_DO_YOU_HAVE: Final = re.compile(
    r"(?:what|which|do you|do we|have you|have we|got)\b.{0,60}?\b(?:do you have|do we have|"
    r"have you got|you have|have anything|have something|got anything|know of|cover)\b|"
    r"do (?:we|you) have (?:anything|something|any|some)\b|(?:have you|you) got (?:anything|any)\b"
)
_WHAT_IS_THERE: Final = re.compile(
    r"what(?:'s| is| else is| all is| was| has been| have people| did people)? "
    r"(?:there|out there|known|been (?:published|written|done|tried|said)|published|written|"
    r"available|done|tried|said|the literature)\b|what(?:'s| is) new (?:on|in|about)\b(?! (?:it|"
    r"that|this|the)\b)|"
    r"what (?:is|was) (?:being )?"
    r"(?:published|written|done) (?:about|on)\b"
)
_ANYTHING: Final = re.compile(
    r"(?:is there |do you have |have |find |show (?:me )?|list |give me )?"
    r"(?:anything|something|everything)\b(?! (?:else )?(?:wrong|the))"
)
_SEARCHING: Final = re.compile(
    r"(?:i'm |i am |we're |we are |im )?(?:looking|searching|hunting) for\b(?! the\b)|"
    r"(?:i|we) (?:need|want|would like|'d like|am after)\b(?! to\b| the\b)|"
    r"(?:i'm|i am|we are) interested in\b|"
    r"(?:show|list|find|give|recommend|suggest|collect|gather|enumerate|search|get|point|name)"
    rf"(?: me| us)?(?: to)?(?: some| all| any| the| a few| a list of| every)?\b"
    rf"(?: [\w'-]+){{0,3}}? (?:{_WRITINGS}|{_BODY}|{_THINGS}|everything|anything|sources)\b"
)
# "who measures it" asks for papers; "who funded the study" asks for a name.
_WHO: Final = re.compile(
    r"who (?:else |all |here )?(?:(?:has|have) (?!the\b|a\b|more\b|less\b)\w+|(?!is\b|was\b|"
    r"has\b|does\b|gets\b|wins\b)"
    r"[a-z]+s|study|use|work|write|try|tries|measure|argue|do|apply|look)\b"
)
_WHICH_THINGS: Final = re.compile(
    rf"(?:which|what) (?:(?!two|three|four|five|of\b|\d)[\w'-]+ ){{0,2}}?(?:{_THINGS}|authors|"
    rf"groups)\b"
)
_ABOUT_ONE: Final = re.compile(
    r"\b(?:did|was|were|had|they|it|its|their|the authors|used in|the paper|the study|this|"
    r"performed|won|got|reached|achieved|scored|came|turned out)\b"
)
_THINGS_THAT: Final = re.compile(
    rf"(?!the\b|these\b|those\b|which\b|what\b|how\b|do\b|does\b|are\b|is\b|can\b|why\b)"
    rf"(?:[\w'/-]+ ){{0,4}}?{_THINGS} (?:on|for|of|to|that|which|where|with|without|in|about|using|"
    rf"based|from|who|whose|against|under|under|covering|trained|built|between|by)\b"
)


def list_reason(clauses: Sequence[str], sure: Sequence[str]) -> str:
    """Why a question asks for papers; "" when it does not."""
    for clause in clauses:
        if _THE_PAPERS.match(clause):
            continue
        for pattern, reason in (
            (_ASKS_FOR_PAPERS, "asks for papers"),
            (_ENDS_WITH_PAPERS, "asks for papers"),
            (_IS_THERE, "asks whether there is one"),
            (_HAS_ANYONE, "asks whether anyone has"),
            (_WHAT_IS_THERE, "asks what there is"),
            (_DO_YOU_HAVE, "asks what there is"),
            (_ANYTHING, "asks for anything"),
            (_SEARCHING, "asks to find"),
            (_WHO, "asks who does it"),
        ):
            found = (
                pattern.search(clause) if pattern is _ENDS_WITH_PAPERS else pattern.match(clause)
            )
            if found and not (pattern is _ENDS_WITH_PAPERS and _is_definite(clause, found)):
                return reason
        asked_else = any(ASKING.match(other) for other in clauses if other != clause)
        if sure or asked_else:
            continue
        if _WHICH_THINGS.match(clause) and not _ABOUT_ONE.search(clause):
            return "asks which there are"
        if _THINGS_THAT.match(clause) and not ASKING_INSIDE.search(clause):
            return "names a sort of thing"
    return ""


def _is_definite(clause: str, found: re.Match[str]) -> bool:
    """Whether "the", "both" or a question word stands before the papers at the end of a clause."""
    before = clause[: found.start()].split()[-3:]
    return bool({"the", "these", "those", "both", "two", "this", "that", "of"} & set(before)) or (
        len(clause.split()) > 12
    )


_TELLING: Final = (
    r"(?:propos\w*|suggest\w*|claim\w*|argu\w*|conclud\w*|contribut\w*|recommend\w*|introduc\w*|"
    r"present\w*)"
)
# Said of anything; of a paper as a whole only when nothing follows.
_DOING: Final = (
    r"(?:do|does|did|done|find|found|show|shown|say|tell|build|built|release|released|solve|solved|"
    r"discover|achieve|offer|teach|add|bring|report|investigate|study|tackle|address|work|about)"
)
_AT_END: Final = (
    r"(?= ?(?:$|[?.,:;!]|and\b|then\b|there\b|exactly\b|in (?:short|brief|general|it)\b))"
)
_ORDERS: Final = re.compile(
    r"(?:please |just |now )?(?:explain|summari[sz]e|describe|sum up|recap|outline|walk me through|"
    r"give me (?:a|the) (?:summary|overview|gist|short)|tell me (?:more |something )?about|"
    r"introduce me to|a summary|summary|overview|abstract)\b"
)
_WHOLE: Final = re.compile(
    r"\b(?:tl;?dr|gist|nutshell|in (?:short|brief|a few words|one sentence|two sentences|"
    r"plain words)|"
    r"(?:main|key|central|core|basic|big|general|whole) (?:idea|point|finding|result|message|claim|"
    r"contribution|takeaway|argument|insight)s?|takeaways?|contributions?|the idea|summed up|"
    r"what(?:'s| is| was|s) (?:new|proposed)|"
    r"what(?:'s| is| was|s) (?:the|its|their) (?:fix|idea|trick|point|proposal|solution|story|"
    r"approach|contribution|remedy|message)|"
    rf"what (?:does|do|did|has|have)\b[^?.;]{{0,90}}?\b(?:{_TELLING}|{_DOING}{_AT_END})|"
    rf"what(?:'s|s)?\b[^?.;]{{0,90}}\babout{_AT_END}|what (?:problem|question) (?:does|do|did)|"
    rf"how (?:does|do|did)\b[^?.;]{{1,60}}\b(?:work|function|operate|do that|do it){_AT_END})"
)


def _is_general(low: str, clauses: Sequence[str]) -> bool:
    """Whether the paper as a whole is asked about, and no value in it."""
    ordered = any(_ORDERS.match(clause) for clause in clauses)
    return ordered or bool(_WHOLE.search(low))


_ONE_PAPER: Final = re.compile(
    rf"\b(?:the|that|this|one|an?|'s|[\w-]+'s?) (?:[^\s,;:?.]+ ){{0,6}}?{_WRITING}\b", re.IGNORECASE
)
_RECALLED: Final = re.compile(
    rf"(?:there(?:'s| was| is| were)|i (?:remember|recall|read|saw|know|heard)(?: of| about)?|"
    rf"i'm thinking of|remember|wasn't there|you know|do you (?:remember|know)) "
    rf"(?:once )?(?:a|an|one|this|that|the|some) (?:[\w'-]+ ){{0,3}}?{_WRITING}\b"
)
_NAMED_PAPER: Final = re.compile(
    r"[\"'\w][\w\"' .*:-]{0,60}? (?:paper|article|preprint)(?= ?(?:$|[,:;?.]))", re.IGNORECASE
)
_EXPLAIN_NAME: Final = re.compile(
    r"(?:explain|describe|summari[sz]e|introduce)(?: me| us| to me)?(?: how| what)? (?P<name>\S+)"
    r"(?P<rest>.*)$",
    re.IGNORECASE,
)


def paper_reason(low: str, clauses: Sequence[str], owned: Sequence[str], text: str) -> str:
    """Why a question wants one paper told; "" when it does not."""
    if any(_RECALLED.match(clause) for clause in clauses):
        return "" if HOW_MUCH.search(low) else "recalls one paper"
    if not _is_general(low, clauses):
        return ""
    if owned:
        return "names a paper and asks what it is about"
    if _ONE_PAPER.search(low) or _NAMED_PAPER.search(low):
        return "speaks of one paper and asks what it is about"
    quoted = re.search(r"\"[^\"]{8,}\"", text)
    explained = _EXPLAIN_NAME.search(text)
    about = re.match(r"(?:so )?what(?:'s|s| is| was) \S+(?: \S+)? about\b", low)
    coined = explained and (is_name_like(explained["name"]) or explained["name"][0].isupper())
    does = re.search(r"what (\S+) does\b", text)
    if quoted or coined or about or (does and is_name_like(does[1])):
        return "names one thing and asks what it is"
    return ""

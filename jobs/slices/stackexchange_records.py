"""The outcomes of posts: a question and its answers are a document, and other posts are counted."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from jobs.slices.outcome_batches import Document, Dropped, Outcome, Quarantined
from jobs.sources.faults import TOO_LARGE
from jobs.sources.post_rows import ANSWER, QUESTION, Post
from udfs.extract import post_html, post_rendering
from udfs.extract.errors import ExtractionError
from udfs.extract.question_answer import Answer, question, ranked, thread

NAME = "stackexchange"
JOINED = "joined-to-question"
ORPHAN = "orphan-answer"
NO_TITLE = "no-title-and-no-answer"
DUPLICATE = "duplicate-post"
_HELD = 1 << 18  # characters of HTML
_BODY = Post._fields.index("body")
EXTRACTORS: dict[str, Callable[[str], str]] = {
    "rendered": post_rendering.text,
    "v1": post_html.text,
}
"""The functions that make text of HTML, by the values of `--post-text`."""


def with_text(post: Post, extract: Callable[[str], str] = post_rendering.text) -> Post:
    """Return a post with text in place of HTML; posts other than questions and answers lose theirs."""
    if post.error:
        return post
    if post.post_type not in (QUESTION, ANSWER):
        return post._replace(body=None, title=None)
    try:
        # as _replace, in half the time
        text = extract(post.body or "")
        return Post._make((*post[:_BODY], text, *post[_BODY + 1 :]))
    except ExtractionError as error:
        return post._replace(body=None, error=error.error, message=error.message)


def with_texts(posts: Iterable[Post], post_text: str = "rendered") -> Iterator[Post]:
    """Yield posts with text in place of HTML, in their order; `post_text` is a key of `EXTRACTORS`.

    Posts are read and extracted in groups: one by one, reading and extraction would push each other's
    code out of the processor's caches, which costs a tenth of the time.
    """
    extract = EXTRACTORS[post_text]
    group: list[Post] = []
    size = 0
    for post in posts:
        group.append(post)
        size += len(post.body or "")
        if size >= _HELD:
            yield from [with_text(post, extract) for post in group]
            group, size = [], 0
    yield from [with_text(post, extract) for post in group]


def question_id(post: Post) -> int | None:
    """Return the id of the question that a post belongs to; None for a post of no thread."""
    if post.error:
        return None
    if post.post_type == QUESTION:
        return post.post_id
    return post.parent_id if post.post_type == ANSWER else None


def order(post: Post) -> tuple[str, int, int, int, str, int]:
    """Return the sort key of posts: by thread, its question first."""
    thread_ = question_id(post)
    return (
        post.site,
        -1 if thread_ is None else thread_,
        post.post_type or 0,
        post.post_id or 0,
        post.uri,
        post.offset,
    )


def outcomes(posts: Iterable[Post], max_bytes: int) -> Iterator[Outcome]:
    """Yield the outcomes of posts that are sorted by `order` and have text in place of HTML.

    Documents are questions that have an answer or a title; a thread of more than `max_bytes`
    characters is quarantined.
    """
    for (_, key), group in itertools.groupby(posts, lambda post: (post.site, question_id(post))):
        if key is None:
            yield from map(_without_thread, group)
        else:
            yield from _thread(group, max_bytes)


def _without_thread(post: Post) -> Outcome:
    if post.error:
        stage = "read" if post.post_id is None else "extract"
        return Quarantined(post.uri, post.offset, stage, post.error, post.message or "")
    return Dropped(post.uri, f"post-type-{post.post_type}")


def _thread(posts: Iterator[Post], max_bytes: int) -> Iterator[Outcome]:
    """Yield the outcomes of the posts of one question."""
    question_post: Post | None = None
    answers: dict[int, Post] = {}
    read: Counter[str] = Counter()  # answers, by their files
    size, last = 0, None
    for post in posts:
        if (post.post_type, post.post_id) == last:
            message = f"another row has post {post.post_id} of {post.site}"
            yield Quarantined(post.uri, post.offset, "extract", DUPLICATE, message)
            continue
        last = (post.post_type, post.post_id)
        if post.post_type == QUESTION:
            question_post = post
        else:
            read[post.uri] += 1
            if question_post is None:  # a question sorts first
                continue
        size += len(post.body or "") + len(post.title or "")
        if size > max_bytes:
            answers.clear()  # the thread is quarantined, so its posts need no memory
        elif post is not question_post:
            answers[post.post_id or 0] = post
    for uri, n in read.items():
        yield Dropped(uri, JOINED if question_post else ORPHAN, n)
    if question_post is None:
        return
    if size > max_bytes:
        message = f"the question and its answers have more than {max_bytes} characters"
        yield Quarantined(question_post.uri, question_post.offset, "extract", TOO_LARGE, message)
    elif answers or (question_post.title or "").strip():
        yield _document(question_post, answers)
    else:
        yield Dropped(question_post.uri, NO_TITLE)


def _document(question_post: Post, answers: dict[int, Post]) -> Document:
    order_ = ranked(
        Answer(post_id, answer.score or 0, answer.body or "") for post_id, answer in answers.items()
    )
    return Document(
        id=f"{NAME}/{question_post.site}/{question_post.post_id}",
        text=thread(question(question_post.title, question_post.body or ""), order_),
        uri=question_post.uri,
        offset=question_post.offset,
        url=f"https://{question_post.site}/questions/{question_post.post_id}",
        title=question_post.title,
        date=question_post.date,
        license=question_post.license,
        metadata=_metadata(question_post, order_, answers),
        source_domain=question_post.site,
    )


def _metadata(
    question_post: Post, order_: list[Answer], answers: dict[int, Post]
) -> dict[str, str]:
    licenses = [answers[answer.post_id].license or "" for answer in order_]
    accepted = question_post.accepted_answer_id
    fields = {
        "site": question_post.site,
        "tags": ",".join(question_post.tags or ()),
        "question_score": "" if question_post.score is None else str(question_post.score),
        "view_count": "" if question_post.view_count is None else str(question_post.view_count),
        "answer_ids": ",".join(str(answer.post_id) for answer in order_),
        "answer_scores": ",".join(str(answer.score) for answer in order_),
        "accepted_answer_id": str(accepted) if accepted is not None else "",
        "answer_licenses": ",".join(licenses)
        if set(licenses) - {question_post.license or ""}
        else "",
    }
    return {name: value for name, value in fields.items() if value}

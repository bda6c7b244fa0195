"""The fans' own forum and the channel of films: accounts, posts, likes, comments, counts.

Whoever is a fan or a customer may write; some hold two accounts, some edit or take back what they
wrote, a little is hidden or deleted by those who look after it, and who is erased leaves a husk.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from ingestion.sandbox import flaws, phrases
from ingestion.sandbox.clock import DAY, HOUR, MINUTE, NEVER, month_start
from ingestion.sandbox.draws import Draws, happenings, stream
from ingestion.sandbox.names import each_folded
from ingestion.sandbox.people import Population
from ingestion.sandbox.versions import Columns, timeline

CHANNEL_ID = "UCNorthlightSandbox00000"
FIRST_SUBSCRIBERS, FIRST_VIEWS, FIRST_FILMS = 41_250, 5_400_000, 180
CATEGORIES = {4: "Match day", 5: "Travel", 7: "Shop and tickets"}
MAIN, SECOND = 0, 1
_POST_DRAWS = (
    "moment heavy gap new_topic topic category a b mood edits edit_wait takes_back back_wait hides"
    " hide_wait drops drop_wait as_second"
)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Who has an account since when, per person and slot; a second one may be merged away."""

    since: np.ndarray
    until: np.ndarray
    is_staff: np.ndarray


@dataclass(frozen=True, slots=True)
class Posts:
    """Every post in the order in which it was written, and what became of it."""

    columns: Columns
    created: np.ndarray
    author: np.ndarray
    gone: np.ndarray


def user_id(who: np.ndarray, slot: np.ndarray | int) -> np.ndarray:
    """Return the number of somebody's account."""
    return 100 + who * 2 + slot


def make_accounts(population: Population) -> Accounts:
    """Return who has an account in the forum."""
    draws = population.draws("community", "joins wait second second_wait second_ends staff")
    fan, customer = population.since["fan"], population.since["customer"]
    first = np.minimum(fan, customer)
    wants = draws.chance("joins", np.where(fan < NEVER, 0.45, 0.14)) & ~population["is_minor"]
    joined = np.where(first < NEVER, first + draws.waiting("wait", 45 * DAY), NEVER)
    staff = draws.chance("staff", 0.15) & population["is_employee"]
    joined = np.where(staff, population.since["employee"] + 30 * DAY, joined)
    joined = np.where((wants | staff) & (joined < population["erased"]), joined, NEVER)
    second = joined + 20 * DAY + draws.waiting("second_wait", 200 * DAY)
    has_second = draws.chance("second", 0.06) & ~staff & (second < population["erased"])
    second = np.where(has_second, second, NEVER)
    ends = second + 30 * DAY + (draws["second_ends"] * 700 * DAY).astype(np.int64)
    ends = np.where((second < NEVER) & (draws["second_ends"] < 0.5), ends, NEVER)
    return Accounts(
        since=np.column_stack([joined, second]),
        until=np.column_stack([np.full(len(population), NEVER), ends]),
        is_staff=staff,
    )


def users_table(population: Population, accounts: Accounts) -> tuple[Columns, np.ndarray]:
    """Return the accounts and when each version shows; an erased one keeps its number alone."""
    who, slot = np.nonzero(accounts.since < NEVER)
    names = "typo typo_at new_mail new_mail_wait no_name"
    draws = population.draws("community names", names).take(who)
    since, gone = accounts.since[who, slot], accounts.until[who, slot]
    moved = np.where(
        draws.chance("new_mail", 0.05), since + draws.waiting("new_mail_wait", 300 * DAY), NEVER
    )
    erased = population["erased"][who]
    row, at = timeline(since, [moved, erased, gone], gone)
    is_husk = at >= erased[row]
    first = each_folded(population["first_name"])[who]
    username = first + (who * 3 + slot).astype(str).astype(object)
    husk = np.array([f"anon{n * 7_919 % 10**8:08d}" for n in user_id(who, slot)], dtype=object)
    name = population["first_name"][who] + " " + population["last_name"][who]
    name = flaws.mistyped(name, draws.chance("typo", flaws.SHARE_OF_TYPOS), draws, "typo_at")
    name = flaws.without(name, draws.chance("no_name", 0.2))
    other = (slot == SECOND)[row] | (at >= moved[row])
    email = np.where(
        other, population["alternative_email"][who][row], population["email"][who][row]
    )
    staff = accounts.is_staff[who][row]
    email = np.where(staff, population["work_email"][who][row], email)
    return {
        "user_id": user_id(who, slot)[row],
        "person_uid": population["person_uid"][who][row],
        "username": np.where(is_husk, husk[row], username[row]),
        "name": flaws.without(name[row], is_husk),
        "email": np.where(is_husk, husk[row] + "@anonymized.invalid", email),
        "is_moderator": staff,
        "created_at": since[row],
        "updated_at": at,
        "is_gone": at >= gone[row],
    }, at


def make_posts(population: Population, accounts: Accounts) -> Posts:
    """Return what was written in the forum, in the order of its numbers."""
    who, moment, draws = _written(population, accounts.since[:, MAIN], "community posts", 0.30)
    slot = _slot(accounts, who, moment, draws)
    topic, number, reply_to = _topics(draws)
    mood = _mood(population, who, draws)
    languages = population.place["language"][who]
    category = draws.choice("category", list(CATEGORIES), [5, 3, 4]).astype(np.int64)
    ids = np.cumsum(1 + _gaps(draws))
    columns = {
        "post_id": ids,
        "topic_id": topic,
        "post_number": number,
        "reply_to_post_number": reply_to,
        "user_id": user_id(who, slot),
        "merged_into": user_id(who, MAIN),
        "merged_since": accounts.until[who, slot],
        "category_id": category,
        "body": phrases.comments(languages, mood, draws, "a", "b"),
        "created_at": moment,
        "edited": _later(moment, draws, "edits", 0.12, "edit_wait", 6 * DAY),
        "taken_back": _later(moment, draws, "takes_back", 0.03, "back_wait", 9 * DAY),
        "hidden_since": _later(moment, draws, "hides", 0.015, "hide_wait", DAY),
    }
    gone = _later(moment, draws, "drops", 0.02, "drop_wait", 40 * DAY)
    return Posts(columns, moment, columns["user_id"], gone)


def posts_table(posts: Posts) -> tuple[Columns, np.ndarray]:
    """Return the posts and when each version shows; a deleted one is gone without a word."""
    told = dict(posts.columns)
    edited, back, hidden = told.pop("edited"), told.pop("taken_back"), told.pop("hidden_since")
    into, merged = told.pop("merged_into"), told.pop("merged_since")
    row, at = timeline(posts.created, [edited, back, hidden, merged, posts.gone], posts.gone)
    columns = {name: values[row] for name, values in told.items()}
    is_edited, is_back, is_hidden = at >= edited[row], at >= back[row], at >= hidden[row]
    body = np.where(is_edited, columns["body"] + " (PS: 👍)", columns["body"])
    # To hide a post, or to merge its writer's accounts, does not move its clock.
    changed = np.max([np.where(at >= step[row], step[row], 0) for step in (edited, back)], axis=0)
    return {
        **columns,
        "user_id": np.where(at >= merged[row], into[row], columns["user_id"]),
        "body": np.where(is_back, "(post deleted by author)", body).astype(object),
        "version": 1 + is_edited.astype(np.int64) + is_back,
        "hidden": is_hidden,
        "user_deleted": is_back,
        "updated_at": np.maximum(posts.created[row], changed),
        "is_gone": at >= posts.gone[row],
    }, at


def likes_table(
    population: Population, accounts: Accounts, posts: Posts
) -> tuple[Columns, np.ndarray]:
    """Return who likes which post and when that shows; an undone like says when it was undone."""
    who, moment, draws = _written(population, accounts.since[:, MAIN], "community likes", 0.45)
    before = np.searchsorted(posts.created, moment) - 1 - (draws["topic"] ** 2 * 40).astype(int)
    liked = np.maximum(before, 0)
    user = user_id(who, MAIN)
    keep = (before >= 0) & (posts.author[liked] != user) & (moment < posts.gone[liked])
    _, first = np.unique(np.column_stack([liked, user])[keep], axis=0, return_index=True)
    chosen = np.flatnonzero(keep)[np.sort(first)]
    liked, user, moment, draws = liked[chosen], user[chosen], moment[chosen], draws.take(chosen)
    undone = _later(moment, draws, "takes_back", 0.05, "back_wait", 20 * DAY)
    row, at = timeline(moment, [undone])
    return {
        "post_id": posts.columns["post_id"][liked][row],
        "user_id": user[row],
        "created_at": moment[row],
        "undone_at": np.where(at >= undone[row], undone[row], NEVER),
    }, at


def comments_table(population: Population) -> tuple[Columns, np.ndarray]:
    """Return comments on films and when each version shows; with a person all of theirs go."""
    joins = population.draws("film viewers", "wait")
    viewer = population["arrival"] + joins.waiting("wait", 30 * DAY)
    viewer = np.where(population["is_minor"], NEVER, viewer)
    who, moment, draws = _written(population, viewer, "film comments", 0.05)
    kept = moment < population["erased"][who]
    who, moment, draws = who[kept], moment[kept], draws.take(kept)
    film, number, _ = _topics(draws)
    digests = np.array([_digest(f"{p}:{m}") for p, m in zip(who, moment, strict=True)])
    ids, parents = _threads(film, number, digests, draws)
    languages = population.place["language"][who]
    body = phrases.comments(languages, _mood(population, who, draws), draws, "a", "b")
    edited = _later(moment, draws, "edits", 0.08, "edit_wait", 3 * DAY)
    gone = _later(moment, draws, "drops", 0.03, "drop_wait", 40 * DAY)
    gone = np.minimum(gone, population["erased"][who])
    row, at = timeline(moment, [edited, gone], gone)
    is_edited = at >= edited[row]
    channels = np.array([f"UC{_digest(uid)}" for uid in population["person_uid"]], dtype=object)
    return {
        "comment_id": ids[row],
        "parent_id": parents[row],
        "video_id": np.array([f"film{n // 12:07d}" for n in film], dtype=object)[row],
        "author_channel_id": channels[who][row],
        "person_uid": population["person_uid"][who][row],
        "author_name": np.char.add("@", each_folded(population["first_name"])[who].astype(str))[
            row
        ].astype(object),
        "body": np.where(is_edited, body[row] + " (edited)", body[row]).astype(object),
        "like_count": (draws["heavy"] ** 6 * 30).astype(np.int64)[row],
        "published_at": moment[row],
        "updated_at": np.where(is_edited, edited[row], moment[row]),
        "is_gone": at >= gone[row],
    }, at


def channel_table(population: Population) -> tuple[Columns, np.ndarray]:
    """Return the channel's counts, one version a day."""
    starts, gains, views, films = [], [], [], []
    for month in range(population.months):
        first, after = int(month_start(month)), int(month_start(month + 1))
        at = np.arange(first, after, DAY)
        generator = stream(population.seed, "channel", month)
        starts.append(at + 4 * HOUR)
        gains.append(generator.integers(-4, 22, len(at)))
        views.append(generator.integers(1_000, 9_000, len(at)))
        films.append(generator.random(len(at)) < 0.15)
    at = np.concatenate(starts)
    return {
        "channel_id": np.full(len(at), CHANNEL_ID, dtype=object),
        "title": np.full(len(at), "Northlight", dtype=object),
        "subscribers": FIRST_SUBSCRIBERS + np.cumsum(np.concatenate(gains)),
        "views": FIRST_VIEWS + np.cumsum(np.concatenate(views)),
        "films": FIRST_FILMS + np.cumsum(np.concatenate(films)),
        "updated_at": at,
    }, at


def _written(
    population: Population, since: np.ndarray, part: str, a_month: float
) -> tuple[np.ndarray, np.ndarray, Draws]:
    """Return who did something when, in the order of time; a few do most of it."""
    zeal = np.exp(0.9 * population.draws(f"{part} zeal", "zeal").normal("zeal"))

    def rate(month: int) -> np.ndarray:
        here, start = slice(0, population.present(month)), month_start(month)
        # Who is erased falls silent a month before.
        lasts = population["erased"][here] > month_start(month + 1)
        return np.where((since[here] < start) & lasts, a_month * zeal[here], 0.0)

    who, month, draws = happenings(
        population.seed, part, range(population.months), rate, _POST_DRAWS
    )
    first, after = month_start(month), month_start(month + 1)
    moment = first + (draws["moment"] * (after - first)).astype(np.int64)
    order = np.lexsort((np.arange(len(moment)), moment))
    return who[order], moment[order], draws.take(order)


def _slot(accounts: Accounts, who: np.ndarray, moment: np.ndarray, draws: Draws) -> np.ndarray:
    has_second = (accounts.since[who, SECOND] < moment) & (moment < accounts.until[who, SECOND])
    return np.where(has_second & draws.chance("as_second", 0.5), SECOND, MAIN)


def _gaps(draws: Draws) -> np.ndarray:
    """Return the numbers that messages between members took before each post: none, few, many."""
    luck = draws["gap"]
    return np.where(luck > 0.997, 130, np.where(luck > 0.9, (luck * 1_000).astype(int) % 4, 0))


def _topics(draws: Draws) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return topic, number within it, number replied to; most write where others just did."""
    topics: list[int] = []
    sizes: dict[int, int] = {}
    numbers: list[int] = []
    replies: list[int | None] = []
    for new, luck in zip(draws["new_topic"], draws["topic"], strict=True):
        is_new = new < 0.3 or not sizes
        topic = len(sizes) + 1 if is_new else max(1, len(sizes) - int(luck**3 * 15))
        sizes[topic] = sizes.get(topic, 0) + 1
        topics.append(topic)
        numbers.append(sizes[topic])
        replies.append(None if is_new or luck < 0.5 else 1)
    return np.array(topics), np.array(numbers), np.array(replies, dtype=object)


def _threads(
    topic: np.ndarray, number: np.ndarray, digests: np.ndarray, draws: Draws
) -> tuple[np.ndarray, np.ndarray]:
    """Return the id of each comment and of the one it replies to: the first of its topic."""
    ids: list[str] = []
    parents: list[str | None] = []
    opened: dict[int, str] = {}
    for key, place, digest in zip(topic.tolist(), number.tolist(), digests.tolist(), strict=True):
        parent = opened[key] if place > 1 else None
        ids.append(f"{parent}.{digest}" if parent else f"Ug{digest}AaABAg")
        parents.append(parent)
        opened.setdefault(key, ids[-1])
    return np.array(ids, dtype=object), np.array(parents, dtype=object)


def _mood(population: Population, who: np.ndarray, draws: Draws) -> np.ndarray:
    felt = population["satisfaction_trait"][who] + draws.normal("mood")
    return np.select([felt > 0.0, felt > -1.0], [phrases.GOOD, phrases.MIXED], phrases.BAD)


def _later(
    moment: np.ndarray, draws: Draws, name: str, share: float, wait: str, mean: float
) -> np.ndarray:
    """Return when something happened to a share of what was written; else never."""
    return np.where(
        draws.chance(name, share), moment + 2 * MINUTE + draws.waiting(wait, mean), NEVER
    )


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=11).hexdigest()

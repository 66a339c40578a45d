"""How Activity says states, reasons and calls: plain words, what happens next by itself, what one can do."""

from __future__ import annotations

from datetime import datetime

from desktop.domain.accounts import ACCOUNT_HOLDS
from desktop.domain.deliveries import Attempt, AttemptPhase, Delivery, DeliveryState, TimelineEntry
from desktop.gui.shell.moments import clock_time, local_time, moment_words
from desktop.gui.theme.painting import Status
from desktop.kit.i18n import tr
from desktop.services.publishing.service import DeliverySummary

S = DeliveryState

_LOOKS: dict[DeliveryState, tuple[str, Status]] = {
    S.DRAFT: ("Draft", "draft"),
    S.AWAITING_APPROVAL: ("Awaiting approval", "warning"),
    S.SCHEDULED: ("Scheduled", "scheduled"),
    S.PREPARING: ("Being prepared", "working"),
    S.READY: ("Ready to go out", "scheduled"),
    S.SENDING: ("Publishing", "working"),
    S.UNCERTAIN: ("Checking", "working"),
    S.LIVE_UNLINKED: ("Published, link pending", "ok"),
    S.PUBLISHED: ("Published", "ok"),
    S.HELD: ("On hold", "warning"),
    S.RETRY_WAIT: ("Trying again", "working"),
    S.MISSED: ("Missed", "warning"),
    S.CANCELLED: ("Cancelled", "paused"),
    S.FAILED: ("Failed", "danger"),
    S.NEEDS_REVIEW: ("Needs your review", "danger"),
}
_HOLDS = {
    "rate_wait": "The network asked for a pause.",
    "quota_wait": "The network's daily number of posts is used up.",
    "restored": "The data was restored from a backup: look whether it went out before.",
}
_PHASES: dict[AttemptPhase, str] = {
    AttemptPhase.PREPARE: "Prepared the post at the network",
    AttemptPhase.STATUS: "Asked how far the network is",
    AttemptPhase.PUBLISH: "Asked the network to publish",
    AttemptPhase.LOOK_UP: "Looked on the network for the post",
    AttemptPhase.PERMALINK: "Asked for the link",
}
_OUTCOMES = {
    "ok": "it answered yes",
    "not_sent": "nothing was sent",
    "refused": "it refused",
    "unknown": "no clear answer",
    "transient_retry": "it did not work just then",
    "rate_wait": "it asked for a pause",
    "quota_wait": "the daily number is used up",
    "not_ready": "it was not ready yet",
    "recreate_container": "it had lost the prepared post",
    "reauth": "it did not accept the sign-in",
    "permission": "a permission is missing",
    "account_action": "it wants the person to do something",
    "bad_input": "it did not like the content",
    "duplicate": "it says this was posted before",
    "ambiguous": "no clear answer",
}
# reasons that only repeat the state
_ECHOES = {"planned", "preparing", "ready", "sending", "published", "cancelled"}


def state_look(state: DeliveryState) -> tuple[str, Status]:
    """Return the state in a word or three, and its look."""
    words, status = _LOOKS[state]
    return tr(words), status


def title_of(title: str) -> str:
    """Return the first line of the post, or words for a post without text."""
    return title or tr("Post without text")


def when_words(delivery: Delivery, now: datetime, zone: str) -> str:
    """Return when it went out, or when it is due."""
    moment = delivery.published_at or delivery.due_at
    return moment_words(local_time(moment, zone), local_time(now, zone))


def row_name(summary: DeliverySummary, now: datetime, zone: str) -> str:
    """Return what a screen reader says for a line of the list."""
    account = summary.account
    return ", ".join(
        (
            title_of(summary.title),
            state_look(summary.delivery.state)[0],
            account.network.label,
            account.username,
            when_words(summary.delivery, now, zone),
        )
    )


def explanation(delivery: Delivery, now: datetime, zone: str) -> str:
    """Return what is going on, what happens next by itself, and what a person can do."""

    def at(moment: datetime | None) -> str:
        return moment_words(local_time(moment, zone), local_time(now, zone)) if moment else ""

    state, failure = delivery.state, delivery.last_failure
    said = tr("The network said: {message}", message=failure.message.rstrip(".") + ".") if failure else ""
    if state is S.HELD:
        return _held_words(delivery, at(delivery.next_action_at))
    if state is S.RETRY_WAIT:
        again = tr("Tidings tries again by itself, next {when}.", when=at(delivery.next_action_at))
        return f"{said} {again}".strip()
    if state is S.FAILED:
        if delivery.reason == "chain_interrupted":
            return tr("The thread broke off: some of its parts are live, the rest were not sent.")
        return f"{said or tr('It could not be published.')} {tr('Nothing more happens by itself.')}"
    simple = {
        S.SCHEDULED: tr("Goes out {when}.", when=at(delivery.due_at)),
        S.PREPARING: tr("The network is getting it ready; it goes out {when}.", when=at(delivery.due_at)),
        S.READY: tr("Everything is prepared; it goes out {when}.", when=at(delivery.due_at)),
        S.SENDING: tr("It is being sent now."),
        S.UNCERTAIN: tr(
            "It was sent, but no confirmation came. Tidings looks on the network before it does anything else; it is "
            "never sent twice."
        ),
        S.LIVE_UNLINKED: tr("It is live. The network has not told its link yet; Tidings keeps asking."),
        S.PUBLISHED: tr("Went out {when}.", when=at(delivery.published_at or delivery.due_at)),
        S.MISSED: tr(
            "Its time passed while nothing could go out. It waits for you: publish it now, or give it another time."
        ),
        S.CANCELLED: tr("It was stopped and does not go out."),
        S.NEEDS_REVIEW: tr(
            "It was sent, but could not be confirmed. Look at the account before posting again: publishing it once "
            "more could make it appear twice."
        ),
    }
    return simple.get(state, "")


def _held_words(delivery: Delivery, until: str) -> str:
    if delivery.reason in ACCOUNT_HOLDS:
        return tr("The account has to be connected again. Then it goes on by itself.")
    why = tr(_HOLDS.get(delivery.reason, "It is waiting."))
    return f"{why} {tr('It goes on by itself {when}.', when=until)}" if until else why


def entry_words(entry: TimelineEntry) -> tuple[str, str, Status]:
    """Return a line of the timeline: the state, why, and the look."""
    words, status = state_look(entry.after)
    why = entry.why
    if (entry.before, entry.after) == (S.SENDING, S.PREPARING) and why == "published":
        return tr("Part published"), tr("The next part follows"), "ok"
    if why in _ECHOES:
        return words, "", status
    if why.startswith("held: "):
        reason = why.removeprefix("held: ")
        why = tr("the account needs you") if reason in ACCOUNT_HOLDS else tr(_HOLDS.get(reason, reason))
    else:
        why = tr(why)
    return words, why[:1].upper() + why[1:], status


def attempt_words(attempt: Attempt, zone: str) -> tuple[str, str]:
    """Return what was asked and came back, and the small print."""
    asked = tr(_PHASES[attempt.phase])
    outcome = tr(_OUTCOMES.get(attempt.outcome, attempt.outcome))
    took = (attempt.finished_at - attempt.started_at).total_seconds()
    facts = [
        clock_time(local_time(attempt.started_at, zone), seconds=True),
        tr("took {seconds} s", seconds=f"{took:.1f}"),
        tr("part {number}", number=attempt.part + 1),
        tr("HTTP {status}", status=attempt.http_status) if attempt.http_status else "",
        tr("code {code}", code=attempt.code) if attempt.code else "",
        tr("trace {id}", id=attempt.trace_id) if attempt.trace_id else "",
        attempt.detail,
    ]
    return tr("{asked}: {outcome}", asked=asked, outcome=outcome), " · ".join(filter(None, facts))

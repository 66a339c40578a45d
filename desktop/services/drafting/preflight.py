"""The check before a post goes out: every rule of every network, in plain words with numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from desktop.domain.accounts import Account, AccountId
from desktop.domain.media import Asset, AssetId
from desktop.domain.networks import Network, NetworkRules, PostFormat
from desktop.domain.posts import Content, Part, Post
from desktop.kit.i18n import tr, trn
from desktop.services.drafting.counting import text_length
from desktop.services.drafting.entities import addresses, hashtags, mentions
from desktop.services.drafting.findings import Finding, Fix, PreflightReport, Severity
from desktop.services.drafting.media_checks import check_media
from desktop.services.drafting.rendering import Rendering, published_format, published_parts, render

__all__ = ["Finding", "Fix", "PreflightReport", "Severity", "check_content", "check_post"]

# advised, not enforced: see the sources in resources/networks
_ADVISED_HASHTAGS: dict[Network, int] = {Network.INSTAGRAM: 5}


def check_post(
    post: Post,
    rules: Mapping[Network, NetworkRules],
    accounts: Mapping[AccountId, Account],
    assets: Mapping[AssetId, Asset],
) -> PreflightReport:
    """Check everything the post would publish; an account with nothing to say gets one line with severity OK."""
    findings: list[Finding] = []
    if not post.variants:
        message = tr("This post goes to no account yet.")
        findings.append(Finding("no_account", Severity.BLOCK, message, fix=Fix.CHOOSE_ACCOUNT))
    for variant in post.variants:
        account = accounts.get(variant.account_id)
        if account is None:
            message = tr("One of the accounts is no longer there.")
            findings.append(_about(variant.account_id, "account_gone", message, Fix.CHOOSE_ACCOUNT))
            continue
        content = post.content_for(account.id)
        found = check_content(content, variant.format, account, rules[account.network], assets)
        findings += found or (_ready(content, account, rules[account.network]),)
    return PreflightReport(tuple(findings))


def check_content(
    content: Content,
    post_format: PostFormat,
    account: Account,
    rules: NetworkRules,
    assets: Mapping[AssetId, Asset],
) -> tuple[Finding, ...]:
    """Return what is wrong with ``content`` on ``account``; empty when the network takes it as it is."""
    found = [*_check_account(account), *_check_structure(content, post_format, rules)]
    resolved = published_format(content, post_format, rules, assets)
    for index, part in published_parts(content):
        about_part = (*_check_text(part, rules), *check_media(part, resolved, rules, assets))
        found += [replace(finding, part=index) for finding in about_part]
    return tuple(replace(finding, account_id=account.id) for finding in found)


def _about(account_id: AccountId, code: str, message: str, fix: Fix) -> Finding:
    return Finding(code, Severity.BLOCK, message, account_id=account_id, fix=fix)


def _ready(content: Content, account: Account, rules: NetworkRules) -> Finding:
    longest = max(text_length(render(part, rules).text, rules.count_unit) for _, part in published_parts(content))
    message = tr(
        "Ready for {network}: {count} of {limit} characters.",
        network=rules.network.label,
        count=longest,
        limit=rules.max_text,
    )
    return Finding("ready", Severity.OK, message, account_id=account.id)


def _check_account(account: Account) -> Iterator[Finding]:
    if not account.can_publish:
        message = tr("{name} has to be connected again before it can publish.", name=account.display_name)
        yield _about(account.id, "account_not_connected", message, Fix.RECONNECT_ACCOUNT)


def _check_structure(content: Content, post_format: PostFormat, rules: NetworkRules) -> Iterator[Finding]:
    network = rules.network.label
    if post_format not in rules.formats:
        message = tr("{network} posts of the kind “{kind}” cannot be published yet.", network=network, kind=post_format)
        yield Finding("format_unsupported", Severity.BLOCK, message, fix=Fix.CHANGE_FORMAT)
    parts = published_parts(content)
    if not parts:
        yield Finding("post_empty", Severity.BLOCK, tr("There is nothing to publish yet."), fix=Fix.WRITE_TEXT)
        return
    if len(parts) > rules.max_parts:
        message = trn(
            "{count} part; {network} takes {limit}. Join them, or write a text of its own for it.",
            "{count} parts; {network} takes {limit}. Join them, or write a text of its own for it.",
            len(parts),
            network=network,
            limit=rules.max_parts,
        )
        yield Finding("parts_too_many", Severity.BLOCK, message, fix=Fix.JOIN_PARTS)
    for index, part in enumerate(content.parts):
        if part.is_empty:
            message = tr("Part {number} is empty and is left out.", number=index + 1)
            yield Finding("part_empty", Severity.WARN, message, part=index, fix=Fix.REMOVE_PART)


def _check_text(part: Part, rules: NetworkRules) -> Iterator[Finding]:
    rendering = render(part, rules)
    length = text_length(rendering.text, rules.count_unit)
    if length > rules.max_text:
        message = tr(
            "{count} of {limit} characters on {network}.",
            count=length,
            limit=rules.max_text,
            network=rules.network.label,
        )
        fix = Fix.SPLIT_TEXT if rules.max_parts > 1 else Fix.SHORTEN_TEXT
        yield Finding("text_too_long", Severity.BLOCK, message, fix=fix)
    yield from _check_entities(rendering, rules)
    for note in rendering.warnings:
        yield Finding(note.code, Severity.WARN, note.message)


def _check_entities(rendering: Rendering, rules: NetworkRules) -> Iterator[Finding]:
    network = rules.network.label
    text = rendering.text
    links = {*addresses(text), rendering.link} - {None}
    if _exceeds(links, rules.max_links):
        message = tr(
            "{count} different links; {network} takes {limit}.",
            count=len(links),
            network=network,
            limit=rules.max_links,
        )
        yield Finding("links_too_many", Severity.BLOCK, message, fix=Fix.SHORTEN_TEXT)
    if links and rules.network is Network.INSTAGRAM:
        yield Finding("links_dead", Severity.WARN, tr("Links in Instagram captions cannot be clicked."))
    tags = hashtags(text)
    if _exceeds(tags, rules.max_hashtags):
        message = tr(
            "{count} hashtags; {network} takes {limit}.", count=len(tags), network=network, limit=rules.max_hashtags
        )
        yield Finding("hashtags_too_many", Severity.BLOCK, message, fix=Fix.SHORTEN_TEXT)
    elif _exceeds(tags, advised := _ADVISED_HASHTAGS.get(rules.network)):
        message = tr(
            "{count} hashtags; more than {limit} may be ignored on {network}.",
            count=len(tags),
            network=network,
            limit=advised,
        )
        yield Finding("hashtags_many", Severity.WARN, message, fix=Fix.SHORTEN_TEXT)
    names = mentions(text)
    if _exceeds(names, rules.max_mentions):
        message = tr(
            "{count} mentions; {network} takes {limit}.", count=len(names), network=network, limit=rules.max_mentions
        )
        yield Finding("mentions_too_many", Severity.BLOCK, message, fix=Fix.SHORTEN_TEXT)


def _exceeds(found: Collection[object], limit: int | None) -> bool:
    return limit is not None and len(found) > limit

"""What each fix of a finding does to the draft, and where the person should look afterwards."""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.accounts import AccountId
from desktop.domain.media import Asset, AssetId
from desktop.gui.pages.composer import editing
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.services.drafting.findings import Finding, Fix
from desktop.services.drafting.fitting import fit_rules


def tab_of(viewmodel: ComposerViewModel, account_id: AccountId | None) -> AccountId | None:
    """Return the tab on which an account's text is written: its own, or the shared one it follows."""
    variant = viewmodel.post.variant_for(account_id) if account_id is not None else None
    return account_id if variant is not None and variant.override is not None else None


def repair(viewmodel: ComposerViewModel, finding: Finding) -> bool:
    """Go to the text a finding is about and repair what needs no person; return whether that was all."""
    if finding.fix is Fix.JOIN_PARTS and finding.account_id is not None:
        # the others keep their chain
        viewmodel.select_tab(finding.account_id)
        viewmodel.restructure(editing.joined(viewmodel.content), 0)
        return True
    viewmodel.select_tab(tab_of(viewmodel, finding.account_id))
    part = finding.part or 0
    content = viewmodel.content
    if part >= len(content.parts):
        return True
    if finding.fix is Fix.SPLIT_TEXT:
        rules = viewmodel.rules_for(finding.account_id)[0]
        viewmodel.restructure(editing.split_to_fit(content, part, rules), part + 1)
    elif finding.fix is Fix.REMOVE_PART:
        viewmodel.restructure(editing.removed(content, part), max(0, part - 1))
    elif finding.fix is Fix.FIT_MEDIA and finding.media is not None:
        _fit(viewmodel, part, content.parts[part].media[finding.media].asset_id, finding.account_id)
    elif finding.fix is Fix.REMOVE_MEDIA:
        media = content.parts[part].media
        if finding.media is not None:
            kept = (*media[: finding.media], *media[finding.media + 1 :])
        else:
            kept = media[: viewmodel.rules_for(finding.account_id)[0].max_media]
        restored = replace(content.parts[part], media=kept)
        viewmodel.restructure(editing.with_part(content, part, restored), part)
    else:
        return False
    return True


def _fit(viewmodel: ComposerViewModel, part: int, original: AssetId, account_id: AccountId | None) -> None:
    """Put in place of a picture one that the account's network takes; the original stays in the store."""

    def fitted(asset: Asset) -> None:
        for index, each in enumerate(viewmodel.content.parts):
            media = tuple(replace(use, asset_id=asset.id) if use.asset_id == original else use for use in each.media)
            if media != each.media:
                viewmodel.set_media(index, media)

    limits = fit_rules(viewmodel.rules_for(account_id)[0])
    viewmodel.pictures.fit(original, limits, fitted, lambda words: viewmodel.picture_refused.emit(part, words))

"""What ``POST /{ig}/media`` takes besides media (ig-user/media reference)."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.sandbox import text_rules
from desktop.sandbox.errors import JSON, GraphError, bad_parameter
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Account, Network
from desktop.sandbox.places import PLACES
from desktop.sandbox.sandbox import Sandbox

_LONGEST_CAPTION = 2200
_LONGEST_ALT_TEXT = 1000
_MOST_HASHTAGS = 30
_MOST_MENTIONS = 20
_MOST_COLLABORATORS = 3
_MOST_TAGS = 20
_MOST_PRODUCTS = 5
_MOST_SPONSORS = 2
_KINDS = {"", "IMAGE", "REELS", "STORIES", "CAROUSEL", "VIDEO"}
_REELS_ONLY = ("cover_url", "thumb_offset", "share_to_feed", "audio_name", "trial_params")
_GRADUATIONS = {"MANUAL", "SS_PERFORMANCE"}
_KEPT = ("location_id", "user_tags", "product_tags", "audio_name", "trial_params", "thumb_offset", "cover_url")
_KEPT_FLAGS = ("is_paid_partnership", "is_ai_generated")


def read_kind(call: GraphCall) -> str:
    """Return the kind of container; a standalone film must be a reel."""
    kind = call.text("media_type").upper()
    is_child = call.flag("is_carousel_item")
    if kind not in _KINDS or (kind == "VIDEO" and not is_child):
        raise bad_parameter("Param media_type is not supported; use REELS for films", subcode=2207023)
    if is_child and (kind in {"REELS", "STORIES", "CAROUSEL"} or call.text("caption")):
        raise bad_parameter("A carousel item is a picture or a film without a caption", blamed="is_carousel_item")
    return kind or "IMAGE"


def read_parameters(box: Sandbox, call: GraphCall, account: Account, kind: str) -> dict[str, str]:
    """Return what a post keeps of the parameters; the refusal of Instagram for the first that is wrong."""
    _check_caption(call)
    _check_combinations(box, call, account, kind)
    _check_people(box, call, kind)
    _check_location(call)
    _check_trial(call, account)
    _check_products(call, account)
    extras = {name: call.text(name) for name in _KEPT if call.text(name)}
    extras |= {name: "true" for name in _KEPT_FLAGS if call.flag(name)}
    if call.ids("collaborators"):
        extras["collaborators"] = ",".join(call.ids("collaborators"))
    if sponsors := call.ids("branded_content_sponsor_ids"):
        extras["branded_content_sponsor_ids"] = ",".join(sponsors)
    if kind in {"REELS", "STORIES"}:
        extras["product"] = kind
    if kind == "REELS":
        extras["share_to_feed"] = "true" if call.flag("share_to_feed", default=True) else "false"
    if extras.get("cover_url"):  # the cover wins
        extras.pop("thumb_offset", None)
    return extras


def offset_refusal() -> GraphError:
    """1/2207057: a thumbnail from outside the film."""
    title = "Thumbnail offset out of range"
    advice = "The offset must be within the film."
    return GraphError("The thumb_offset is out of range", 1, 2207057, title=title, advice=advice)


def _check_caption(call: GraphCall) -> None:
    caption = call.text("caption")
    if (
        len(caption) > _LONGEST_CAPTION
        or len(text_rules.hashtags(caption)) > _MOST_HASHTAGS
        or len(text_rules.mentions(caption)) > _MOST_MENTIONS
    ):
        raise GraphError(
            "The caption is too long",
            36004,
            2207010,
            title="Caption too long",
            advice="A caption may have 2,200 characters, 30 hashtags and 20 mentions.",
        )
    if len(call.text("alt_text")) > _LONGEST_ALT_TEXT:
        raise bad_parameter(f"Param alt_text must be at most {_LONGEST_ALT_TEXT} characters", blamed="alt_text")


def _check_combinations(box: Sandbox, call: GraphCall, account: Account, kind: str) -> None:
    for name in _REELS_ONLY:
        if call.text(name) and kind != "REELS":
            raise bad_parameter(f"Param {name} is for reels only", blamed=name)
    if call.text("thumb_offset") and call.number("thumb_offset", 0) < 0:
        raise offset_refusal()
    if kind == "STORIES" and account.account_type != "BUSINESS" and box.config.instagram_stories_business_only:
        raise GraphError("(#10) Stories need a business account", 10, status=403)
    if call.flag("is_carousel_item") and call.text("location_id"):
        raise bad_parameter("A carousel item has no location", blamed="location_id")
    if call.text("alt_text") and kind in {"CAROUSEL", "REELS", "VIDEO"}:
        raise bad_parameter("Param alt_text is for pictures only", blamed="alt_text")
    upload = call.text("upload_type")
    if upload and upload != "resumable":
        raise bad_parameter("Param upload_type must be resumable", blamed="upload_type")
    if upload and call.family is Network.INSTAGRAM and not box.config.instagram_login_resumable:
        raise bad_parameter("Resumable uploads are not available with Instagram Login", blamed="upload_type")
    if upload and kind not in {"REELS", "STORIES", "VIDEO"}:
        raise bad_parameter("Resumable uploads are for films only", blamed="upload_type")


def _check_people(box: Sandbox, call: GraphCall, kind: str) -> None:
    collaborators = call.ids("collaborators")
    if len(collaborators) > _MOST_COLLABORATORS:
        raise bad_parameter("A post may have at most 3 collaborators", blamed="collaborators")
    is_carousel_refused = kind == "CAROUSEL" and not box.config.instagram_carousel_collaborators
    if collaborators and (kind == "STORIES" or call.flag("is_carousel_item") or is_carousel_refused):
        raise bad_parameter("Collaborators are not supported here", blamed="collaborators")
    if len(call.ids("branded_content_sponsor_ids")) > _MOST_SPONSORS:
        raise bad_parameter("A post may have at most 2 sponsors", blamed="branded_content_sponsor_ids")
    if call.text("user_tags"):
        _check_tags(call, kind)


def _check_tags(call: GraphCall, kind: str) -> None:
    tags = call.document("user_tags")
    if not isinstance(tags, list) or kind == "CAROUSEL":
        raise bad_parameter("Param user_tags must be a list, on pictures and films", blamed="user_tags")
    if len(tags) > _MOST_TAGS:
        raise bad_parameter("A post may have at most 20 tags", subcode=2207040, blamed="user_tags")
    is_film = kind in {"REELS", "VIDEO"} or (kind == "STORIES" and not call.text("image_url"))
    for tag in tags:
        if not isinstance(tag, dict) or not isinstance(tag.get("username"), str) or not tag["username"]:
            raise bad_parameter("Every tag needs a username", blamed="user_tags")
        has_position = "x" in tag or "y" in tag
        is_needed = kind == "IMAGE"
        if (is_film and has_position) or ((is_needed or has_position) and not is_film and not _is_inside(tag)):
            raise bad_parameter("Tags on pictures need x and y from 0 to 1, on films none", blamed="user_tags")


def _is_inside(tag: Mapping[str, JSON]) -> bool:
    places = [tag.get("x"), tag.get("y")]
    return all(isinstance(p, int | float) and not isinstance(p, bool) and 0 <= p <= 1 for p in places)


def _check_location(call: GraphCall) -> None:
    if call.text("location_id") and call.text("location_id") not in PLACES:
        message = "The location must be a Page with a location"
        raise GraphError(message, "INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID", blamed="location_id")


def _check_trial(call: GraphCall, account: Account) -> None:
    if not call.text("trial_params"):
        return
    trial = call.document("trial_params")
    if not isinstance(trial, dict) or trial.get("graduation_strategy") not in _GRADUATIONS:
        raise bad_parameter("graduation_strategy must be MANUAL or SS_PERFORMANCE", blamed="trial_params")
    if "trial_reels" not in account.features:
        title = "Trial reels are not available"
        raise GraphError(f"(#100) {title}", 100, 2207081, title=title, advice="The account cannot make trial reels.")


def _check_products(call: GraphCall, account: Account) -> None:
    if not call.text("product_tags"):
        return
    products = call.document("product_tags")
    if call.family is not Network.FACEBOOK or "shop" not in account.features:
        raise bad_parameter("Product tags need a shop", subcode=2207035, blamed="product_tags")
    if not isinstance(products, list) or len(products) > _MOST_PRODUCTS:
        raise bad_parameter("A post may have at most 5 product tags", subcode=2207036, blamed="product_tags")
    if not all(isinstance(product, dict) and product.get("product_id") for product in products):
        raise bad_parameter("Every product tag needs a product_id", subcode=2207037, blamed="product_tags")

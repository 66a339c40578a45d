"""Facebook Pages: changing, publishing and deleting posts (page post reference)."""

from __future__ import annotations

from desktop.sandbox.auth import require_delete, require_publish
from desktop.sandbox.config import Republish
from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.facebook import check_message, new_post
from desktop.sandbox.facebook_scheduling import planned_time
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.model import Post, Token
from desktop.sandbox.sandbox import Sandbox


def update(box: Sandbox, call: GraphCall, token: Token, post: Post) -> JSON:
    """``POST /{post}``: message, is_hidden, is_pinned, scheduled_publish_time, or publish it with is_published."""
    require_publish(token, box.world.accounts[post.account_id])
    check_message(call.text("message"))
    if "author_id" in post.extras and call.params.keys() - {"is_hidden"}:
        raise bad_parameter("What others wrote can be hidden only")
    if call.text("scheduled_publish_time"):
        _reschedule(box, call, post)
    if call.flag("is_published"):
        publish(box, post)
    for name in ("is_hidden", "is_pinned"):
        if name in call.params:
            post.extras[name] = "true" if call.flag(name) else ""
    if "message" in call.params and call.text("message") != post.text:
        post.text = call.text("message")
        post.extras["updated_at"] = box.clock.now().isoformat()
    box.world.save(post)
    return {"success": True}


def delete(box: Sandbox, token: Token, post: Post) -> JSON:
    """``DELETE /{post}``: live, scheduled or draft."""
    require_delete(token, box.world.accounts[post.account_id])
    if post.published_at is None and post.scheduled_for is not None and not box.config.facebook_deletes_scheduled:
        raise bad_parameter("A scheduled post cannot be deleted")
    post.deleted_at = box.clock.now()
    box.world.save(post)
    return {"success": True}


def publish(box: Sandbox, post: Post) -> None:
    """Flip a prepared post to public; flipping it again does what ``config.republish`` says."""
    if post.published_at is None:
        _check_processed(box, post)
        post.container_id = post.container_id or post.id
        box.world.go_live(post, box.clock.now())
    else:
        publish_again(box, post, "is_published")


def publish_again(box: Sandbox, post: Post, name: str) -> None:
    """Do what ``config.republish`` says about publishing ``post`` a second time, asked for by ``name``."""
    if box.config.republish is Republish.REJECT:
        raise bad_parameter("The post is already published", blamed=name)
    if box.config.republish is Republish.DUPLICATE:
        again = new_post(box, box.world.accounts[post.account_id], post.kind)
        again.text, again.link, again.media, again.children = post.text, post.link, post.media, post.children
        again.container_id = post.container_id or post.id
        again.extras = dict(post.extras)
        box.world.go_live(again, box.clock.now())


def _reschedule(box: Sandbox, call: GraphCall, post: Post) -> None:
    if post.published_at is not None:
        raise bad_parameter("A published post cannot be scheduled", blamed="scheduled_publish_time")
    if post.scheduled_for is None and not box.config.facebook_reschedules_drafts:
        raise bad_parameter("Only a scheduled post can be scheduled anew", blamed="scheduled_publish_time")
    _check_processed(box, post)
    post.scheduled_for = planned_time(box, call, box.config.facebook_schedule_days)


def _check_processed(box: Sandbox, post: Post) -> None:
    video = box.world.videos.get(post.container_id)
    if video is not None and (video.error or video.ready_at is None or video.ready_at > box.clock.now()):
        raise bad_parameter("The video of this post is not ready")

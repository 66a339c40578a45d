"""Where the three sign-ins live, and the addresses of their dialogs (``meta-api.md`` §1a-1c)."""

from __future__ import annotations

from dataclasses import dataclass

from authlib.oauth2.client import OAuth2Client

from desktop.connectors.meta.addresses import GRAPH_VERSION, HostFamily, MetaAddresses
from desktop.domain.networks import Network
from desktop.domain.permissions import REQUESTED
from desktop.services.accounts.ports import App


@dataclass(frozen=True, slots=True)
class SignInAddresses:
    """Of one network: its dialog and token endpoints; empty where it has none."""

    dialog: str
    code: str
    exchange: str
    refresh: str
    debug: str


def sign_in_addresses(addresses: MetaAddresses) -> dict[Network, SignInAddresses]:
    """Return them for each network. Refreshing and the second exchange are unversioned (§1b, §1c)."""
    graph = addresses.graph_root(HostFamily.FACEBOOK)
    instagram, threads = addresses.instagram_graph_url, addresses.threads_graph_url
    return {
        Network.FACEBOOK: SignInAddresses(
            dialog=f"{addresses.facebook_dialog_url}/{GRAPH_VERSION}/dialog/oauth",
            code=f"{graph}/oauth/access_token",
            exchange=f"{graph}/oauth/access_token",
            refresh="",
            debug=f"{graph}/debug_token",
        ),
        Network.INSTAGRAM: SignInAddresses(
            dialog=f"{addresses.instagram_dialog_url}/oauth/authorize",
            code=f"{addresses.instagram_oauth_url}/oauth/access_token",
            exchange=f"{instagram}/access_token",
            refresh=f"{instagram}/refresh_access_token",
            debug="",
        ),
        Network.THREADS: SignInAddresses(
            dialog=f"{addresses.threads_dialog_url}/oauth/authorize",
            code=f"{threads}/oauth/access_token",
            exchange=f"{threads}/access_token",
            refresh=f"{threads}/refresh_access_token",
            debug=f"{addresses.graph_root(HostFamily.THREADS)}/debug_token",
        ),
    }


def authorization_url(
    dialog: str, network: Network, app: App, *, state: str, redirect_uri: str, verifier: str, rerequest: bool
) -> str:
    """Return the address a person opens; see ``SignInGateway``."""
    is_facebook = network is Network.FACEBOOK
    options: dict[str, str] = {}
    if is_facebook and app.config_id:
        options["config_id"] = app.config_id
    if is_facebook and rerequest:
        options["auth_type"] = "rerequest"
    if network is Network.INSTAGRAM and rerequest:
        options["force_reauth"] = "true"
    client = OAuth2Client(
        None,
        app.client_id,
        redirect_uri=redirect_uri,
        # a configuration of Facebook Login for Business replaces the permissions
        scope=None if "config_id" in options else ",".join(REQUESTED[network]),
        code_challenge_method="S256" if is_facebook else None,  # the other two document no PKCE
    )
    url, _ = client.create_authorization_url(dialog, state=state, code_verifier=verifier, **options)
    return str(url)

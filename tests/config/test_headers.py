"""What every answer tells the browser: strict everywhere, looser in Wagtail's editor alone; pictures, originals and documents."""

import io
import re

import pytest
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Page

from accounts.models import User
from core.middleware import CmsPolicy

STRICT = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy(response) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";")]
    return {name: " ".join(sorted(value.split(), key=lambda word: word != "'self'")) for name, _space, value in parts}


@pytest.fixture
def editor(db: None, client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor@example.org", "correct horse battery staple"))
    return client


@pytest.mark.parametrize("path", ["/accounts/login/", "/nothing/here/", "/desk/"])
def test_our_pages_are_strict(db: None, client: Client, path: str) -> None:
    response = client.get(path)
    assert policy(response) == STRICT
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    off = dict(part.split("=") for part in response["Permissions-Policy"].split(", "))
    assert set(off) >= {"camera", "microphone", "geolocation", "payment", "usb"}
    assert set(off.values()) == {"()"}


def test_the_editor_may_write_inline_and_frame_itself(editor: Client) -> None:
    response = editor.get("/cms/")
    assert response.status_code == 200
    inline = "'self' 'unsafe-inline'"
    assert policy(response) == STRICT | {
        "script-src": inline,
        "style-src": inline,
        "img-src": "'self' data: blob:",
        "frame-ancestors": "'self'",
    }
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_only_the_editor_may(editor: Client) -> None:
    assert policy(editor.get("/desk/")) == STRICT
    assert policy(editor.get("/cmsx/")) == STRICT


def test_a_preview_is_strict_but_for_its_frame(editor: Client, rf: RequestFactory) -> None:
    """It is a page of ours, made by a request within the request, which has set its own policy already."""
    page = Page.objects.filter(depth=2).first()
    assert page

    def preview(request: HttpRequest) -> HttpResponse:
        return page.specific.make_preview_request(request)

    def answer(path: str) -> HttpResponse:
        request = rf.get(path)
        request.user = User.objects.get()
        return CSPMiddleware(CmsPolicy(preview))(request)

    framed = answer(f"/cms/pages/{page.pk}/edit/preview/")
    assert framed.status_code == 200
    assert policy(framed) == STRICT | {"frame-ancestors": "'self'"}
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    elsewhere = answer("/somewhere/else/")
    assert policy(elsewhere) == STRICT
    assert elsewhere["X-Frame-Options"] == "DENY"


def png() -> ContentFile:
    file = io.BytesIO()
    Picture.new("RGB", (60, 40), (20, 90, 90)).save(file, "PNG")
    return ContentFile(file.getvalue(), "teal.png")


def test_a_picture_is_served_in_the_size_of_the_page_and_its_original_is_not(db: None, client: Client) -> None:
    image = get_image_model().objects.create(title="Teal", file=png())
    rendition = image.get_rendition("width-30")
    assert re.fullmatch(r"/media/images/teal[\w.-]*\.width-30\.png", rendition.url)
    served = client.get(rendition.url)
    assert served.status_code == 200
    assert served["Content-Type"] == "image/png"
    assert b"".join(served.streaming_content) == rendition.file.open().read()
    for address in (image.file.url, f"/media/{image.file.name}", f"/files/{image.file.name}", "/media/images/../teal.png"):
        assert client.get(address).status_code == 404


def test_a_document_goes_out_by_its_view_as_a_download(db: None, client: Client) -> None:
    document = get_document_model().objects.create(title="Notes", file=ContentFile(b"notes", "notes.pdf"))
    served = client.get(document.url)
    assert served.status_code == 200
    assert served["Content-Disposition"].startswith("attachment;")
    assert policy(served) == {"default-src": "'none'"}
    assert client.get(document.file.url).status_code == 404


def test_a_private_document_is_refused(db: None, client: Client) -> None:
    drawer = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=drawer, restriction_type="login")
    document = get_document_model().objects.create(title="Notes", file=ContentFile(b"notes", "notes.pdf"), collection=drawer)
    refused = client.get(document.url)
    assert refused.status_code == 302
    assert refused["Location"].startswith(settings.LOGIN_URL)


@pytest.mark.parametrize(
    "path", ["/desk/", "/desk/agreements/", "/desk/agreements/?format=csv", "/desk/me/", "/", "/desk/absent/"]
)
def test_what_somebody_with_a_session_is_answered_is_kept_nowhere(cast, client: Client, path: str) -> None:
    """On a shared machine "back" asks again after signing out, and is led to the door."""
    client.force_login(cast.amir)
    assert "no-store" in client.get(path)["Cache-Control"]
    assert "private" in client.get(path)["Cache-Control"]


def test_what_everybody_may_see_is_still_kept(cast, client: Client) -> None:
    assert client.get("/agreements/")["Cache-Control"] == "no-cache"
    assert client.get("/agreements/?q=x").get("Cache-Control") is None

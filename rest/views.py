"""The base of every REST view: who calls, as which post, and the promises that each address keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal, cast, get_args

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import rules, selectors
from accounts.enums import IMT_POSTS, OPERATOR
from kernel import keyset
from kernel.actors import Actor
from kernel.errors import FieldError, InvalidInput, NotAllowed
from rest import conditional, idempotency
from rest.authentication import SessionAuthentication, TokenAuthentication
from rest.parsers import MAX_BODY, StrictJsonParser
from rest.problems import BodyTooLarge, LengthRequired

Authority = Literal["public", "signed_in", "post", "service", "operator"]
_ALWAYS_KNOWN = frozenset({"limit", "cursor", "format"})


class GuardedApi(APIView):
    """A REST view that says who may come (`authority`) and gets `self.actor`, the person as one post.

    Finer checks belong to the services and selectors that the view calls. Errors that they raise become problem
    documents by themselves. Subclasses without an `authority` cannot be defined.
    """

    authority: ClassVar[Authority]
    max_body: ClassVar[int] = MAX_BODY
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = []
    parser_classes = [StrictJsonParser]
    renderer_classes = [JSONRenderer]
    actor: Actor  # None only where the authority is public

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if getattr(cls, "authority", None) not in get_args(Authority):
            raise TypeError(f"{cls.__qualname__} must state its authority: one of {', '.join(get_args(Authority))}")

    # Who calls

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self._check_size(request)
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        self.actor = self._actor_of(request)  # type: ignore[assignment]
        request.actor = request._request.actor = self.actor  # type: ignore[attr-defined]

    def check_permissions(self, request: Request) -> None:
        if self.authority == "public":
            return
        if self.actor is None:
            raise NotAuthenticated("Send a token (Authorization: Token KEY) or sign in")
        if self.authority == "post" and self.actor.is_stranger:
            raise NotAllowed("You need a post to come here. Ask the operator of the service", code="no_post")
        if self.authority == "service" and not rules.may_watch_service(self.actor):
            raise NotAllowed("Only IMT and the operator of the service may come here", posts=[*IMT_POSTS, OPERATOR])
        if self.authority == "operator" and not rules.is_operator(self.actor):
            raise NotAllowed("Only the operator of the service may come here", posts=[OPERATOR])

    def _actor_of(self, request: Request) -> Actor | None:
        if not request.user.is_authenticated:
            return None
        wanted = request.headers.get("X-Acting-As") or request.auth
        chosen = getattr(request._request, "actor", None)
        if not wanted and chosen is not None and chosen.user_id == request.user.pk:
            return chosen
        return selectors.actor_for(request.user, str(wanted) if wanted else None)

    def _check_size(self, request: Request) -> None:
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            raise LengthRequired("Send the length of the body (Content-Length)")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > self.max_body:
            raise BodyTooLarge(self.max_body)

    # The course of a request

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """As DRF does it, with writes that carry an Idempotency-Key done once."""
        self.args, self.kwargs = args, kwargs
        self.request = drf_request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        response: HttpResponse
        try:
            self.initial(drf_request, *args, **kwargs)
            name = str(drf_request.method).lower()
            known = name in self.http_method_names
            handler = getattr(self, name, self.http_method_not_allowed) if known else self.http_method_not_allowed
            response = self._done_once(drf_request, lambda: handler(drf_request, *args, **kwargs))
        except Exception as exc:  # noqa: BLE001 (DRF's own way: handle_exception raises what nobody expected)
            response = self.handle_exception(exc)
        self.response = self.finalize_response(drf_request, response, *args, **kwargs)
        return self.response

    def _done_once(self, request: Request, handler: Callable[[], HttpResponse]) -> HttpResponse:
        key = idempotency.key_of(request)
        return handler() if key is None else idempotency.answered_once(request, key, handler)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ["Authorization", "Cookie", "X-Acting-As"])
        return response

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    # What views are given and answer with

    @property
    def body(self) -> Mapping[str, Any]:
        """The JSON object that was sent."""
        return cast("Mapping[str, Any]", self.request.data)

    def answer(
        self, data: Any, *, version: int | None = None, parts: Sequence[Any] = (), status: int = 200
    ) -> Response:
        """`data` as JSON; with a version it carries the ETag that `unchanged` compares."""
        headers = {} if version is None else {"ETag": conditional.etag_of(version, self.actor, *parts)}
        return Response(data, status=status, headers=headers)

    def unchanged(self, version: int, *parts: Any) -> HttpResponse | None:
        """304 when the caller has this version already, else None. Ask before building what would be answered."""
        etag = conditional.etag_of(version, self.actor, *parts)
        return conditional.not_modified(etag) if conditional.is_unchanged(self.request, etag) else None

    def expected_version(self) -> int | None:
        """The version of `If-Match`, for the service to compare under its lock."""
        return conditional.expected_version(self.request)

    def paged(self, queryset: QuerySet, *, order: Sequence[str], present: Callable[[list[Any]], list[Any]]) -> Response:
        """One page as `{next, previous, results}`. `present` turns the rows of the page into JSON at once."""
        query = self.request.query_params
        page = keyset.page(
            queryset,
            order=order,
            cursor=query.get("cursor"),
            limit=keyset.limit_of(query.get("limit")),
        )
        return Response(
            {
                "next": self._address_of(page.next_cursor),
                "previous": self._address_of(page.previous_cursor),
                "results": present(page.rows),
            }
        )

    def _address_of(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = cursor
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def known_query(self, *names: str) -> dict[str, str]:
        """The filters that were given. One that this address does not know is refused by name, not ignored."""
        given = self.request.query_params
        unknown = sorted(set(given) - set(names) - _ALWAYS_KNOWN)
        if unknown:
            known = ", ".join(sorted({*names, "limit", "cursor"}))
            errors = [
                FieldError(name, "unknown_filter", f"There is no filter {name}. Known: {known}") for name in unknown
            ]
            raise InvalidInput(errors)
        return {name: given[name] for name in names if name in given}

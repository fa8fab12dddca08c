"""Pages for what went wrong: they say what to do, never what the program saw."""

import sys
from typing import Final

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from tuodi.office.busy import is_busy

_RETRY_SECONDS: Final = 30


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be understood."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return unreadable(request)


def unreadable(request: HttpRequest) -> HttpResponse:
    """Answer what no form of ours sends."""
    return _page(request, "请求无法识别", "请返回上一页，刷新后重新填写。", 400)


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old."""
    return _page(
        request,
        "页面已过期",
        "这一页打开太久，或浏览器禁用了 Cookie。请返回上一页，刷新后重新提交；没有任何内容被保存。",
        403,
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not allowed."""
    return _page(request, "不能办理", "您没有做这件事的权限；需要时请联系安全管理员。", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what does not exist, or not for this user: both look the same."""
    if (actor := getattr(request, "actor", None)) and not actor.roles:
        return _page(request, "还没有分配岗位", "您的账号目前没有任何岗位，请联系安全管理员分配。", 404)
    return _page(request, "没有这个页面", "地址不对，或者不在您的岗位和管辖范围内。请从左侧菜单进入。", 404)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer a request larger than is taken."""
    return _page(request, "提交的内容过大", "文件或表单超过上限，没有任何内容被保存。请分成几个文件后再上传。", 413)


def busy(request: HttpRequest) -> HttpResponse:
    """Answer when somebody else has been writing to the database for too long, as a large import does."""
    advice = "正在导入大文件，请稍后再试；刚才的操作没有保存。"
    if "HX-Request" in request.headers:
        answer = HttpResponse(f'<p class="alert alert-warning" role="alert">{advice}</p>', status=503)
    else:
        answer = _page(request, "请稍后再试", advice, 503)
    answer["Retry-After"] = str(_RETRY_SECONDS)
    return answer


def failed(request: HttpRequest) -> HttpResponse:
    """Answer when the program is wrong; the page needs neither database nor session."""
    if is_busy(sys.exception()):
        return busy(request)
    return HttpResponse(get_template("errors/500.html").render(), status=500)


def _page(request: HttpRequest, title: str, advice: str, status: int) -> HttpResponse:
    return render(request, "errors/error.html", {"title": title, "advice": advice}, status=status)

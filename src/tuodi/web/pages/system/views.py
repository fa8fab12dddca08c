"""The system administrator's pages: the installation, its backups, the jobs in the background."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tuodi.office import backup
from tuodi.office.operations.system import ask_for_backup, ask_for_drill, retry_job
from tuodi.office.queries.system import backup_is_old, drill_is_old, installation_facts, jobs_shown, megabytes
from tuodi.office.refusal import Refused
from tuodi.office.restore import last_drill
from tuodi.office.roles import Action
from tuodi.web.page import OfficeRequest, page


@page(get=Action.MANAGE_SYSTEM)
def home(request: OfficeRequest) -> HttpResponse:
    """Show the installation and its backups."""
    backups = [(each, megabytes(each.bytes), last_drill(each)) for each in backup.listed()]
    newest = backups[0][0].at if backups else None
    drills = [drill.at for _, _, drill in backups if drill is not None and not drill.faults]
    context = {
        "title": "系统管理",
        "tab": "system",
        "facts": installation_facts(),
        "backups": backups,
        "backup_is_old": backup_is_old(newest, request.now),
        "drill_is_old": drill_is_old(max(drills, default=None), request.now),
        "under_way": [
            each for each in jobs_shown() if each.job.kind.startswith("backup.") and not each.job.finished_at
        ],
    }
    return render(request, "system/home.html", context)


@page(post=Action.MANAGE_SYSTEM)
def back_up(request: OfficeRequest) -> HttpResponse:
    """Ask for a backup."""
    try:
        ask_for_backup(actor=request.actor, at=request.now)
        messages.success(request, "已提交备份，完成后列在下面。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("system")


@page(post=Action.MANAGE_SYSTEM)
def practise(request: OfficeRequest) -> HttpResponse:
    """Ask for a drill of one backup."""
    try:
        ask_for_drill(actor=request.actor, at=request.now, name=request.POST.get("name", ""))
        messages.success(request, "已提交恢复演练，完成后结果列在那份备份后面。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("system")


@page(get=Action.MANAGE_SYSTEM)
def job_list(request: OfficeRequest) -> HttpResponse:
    """List the jobs in the background."""
    context = {"title": "后台任务", "tab": "jobs", "jobs": jobs_shown()}
    return render(request, "system/jobs.html", context)


@page(post=Action.MANAGE_SYSTEM)
def retry(request: OfficeRequest, job: int) -> HttpResponse:
    """Put a failed job back into the queue."""
    try:
        retry_job(actor=request.actor, at=request.now, job_id=job)
        messages.success(request, "已放回队列，稍后重做。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("system-jobs")

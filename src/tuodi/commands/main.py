"""The program's one entrance: find the command, run it, turn its answer into an exit status."""

import errno
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tuodi.commands import (
    accounts,
    assess,
    audit,
    clearing,
    demo,
    draw,
    evaluation,
    explain,
    funds,
    installation,
    lint,
    pack,
    policy,
    premium,
    report,
    score,
    screen,
    survey,
    test,
)
from tuodi.commands.console import note, speak_chinese
from tuodi.commands.parser import WRONG_USE, Command, parse_command_line
from tuodi.commands.places import WrongUse

# The order of the help page: first what an office does every day.
COMMANDS: tuple[Command, ...] = (
    demo.COMMAND,
    assess.COMMAND,
    explain.COMMAND,
    screen.COMMAND,
    premium.COMMAND,
    policy.COMMAND,
    clearing.COMMAND,
    funds.COMMAND,
    evaluation.COMMAND,
    score.COMMAND,
    report.COMMAND,
    lint.COMMAND,
    audit.COMMAND,
    accounts.COMMAND,
    survey.COMMAND,
    draw.COMMAND,
    installation.SERVE,
    installation.VERIFY,
    installation.OFFICE,
    test.COMMAND,
    pack.COMMAND,
)

FAILED = 1
INTERRUPTED = 130
PIPE_CLOSED = 141
TERMINATED = 143

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)

# What the checks before the work cannot see, for instance a folder closed while it runs.
UNUSABLE = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的磁盘是只读的",
    errno.ENAMETOOLONG: "名称太长",
    errno.ENOENT: "它或它所在的文件夹已经不在，或那里不能存放文件",
    errno.EIO: "读写出错，磁盘或网络盘可能有故障",
    errno.EBUSY: "正被其他程序占用",
    errno.ETXTBSY: "正被其他程序占用",
    errno.EFBIG: "文件太大，那里存不下",
    **dict.fromkeys(
        (errno.ESTALE, errno.ENOTCONN, errno.ENODEV, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ETIMEDOUT),
        "网络盘或移动盘已断开",
    ),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 done with findings or refused, 2 wrong use."""

    def chosen() -> int:
        args = parse_command_line(COMMANDS, sys.argv[1:] if argv is None else argv)
        status: int = args.run(args)
        return status

    return guarded(chosen)


def guarded(run: Callable[[], int]) -> int:
    """Return the exit status of ``run``, whatever ends it; what a person reads of a fault is Chinese, no traceback."""
    speak_chinese()
    earlier = signal.signal(signal.SIGTERM, _terminate)
    try:
        status = run()
        sys.stdout.flush()
        return status
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else FAILED
    except WrongUse as wrong:
        note(str(wrong))
        return WRONG_USE
    except KeyboardInterrupt:
        note("已中止。没有写完的文件已经删去，原有文件没有改动；重新运行即可。")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has enough. Python flushes once more at its end, which must find an open file.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as problem:  # the last place where a fault of the program can be kept from the screen
        if isinstance(problem, OSError) and problem.filename and problem.errno not in DISK_FULL:
            why = UNUSABLE.get(problem.errno or 0, f"系统不允许（{problem.strerror}）")
            note(f"无法使用 {problem.filename}：{why}。请换一个文件或文件夹后重新运行。")
            return WRONG_USE
        note(_told(problem))
        return FAILED
    finally:
        signal.signal(signal.SIGTERM, earlier)


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Let ``finally`` blocks run: an output file is removed, not left half written."""
    sys.exit(TERMINATED)


def _told(problem: Exception) -> str:
    log = _logged(problem)
    if isinstance(problem, OSError) and problem.errno in DISK_FULL:
        return f"磁盘空间不足，没有写完的文件已经删去；请清理磁盘后重新运行。详情见 {log}。"
    if isinstance(problem, MemoryError):
        return f"内存不足，没有算完；请关闭其他程序，或把文件按人员分成几份后重新运行。详情见 {log}。"
    return f"程序出了意外，没有完成，原有文件没有改动；请把 {log} 发给维护人员，并说明当时运行的命令。"


def _logged(problem: Exception) -> Path:
    """Write the traceback to a new file in the installation's folder, else the temporary folder; return its path."""
    name = f"error-{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}.log"
    text = "".join(traceback.format_exception(problem))
    home = Path(os.environ.get("TUODI_HOME") or "var").absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        log = home / name
        log.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError:
        log = Path(tempfile.gettempdir()) / name
        log.write_text(text, encoding="utf-8", errors="backslashreplace")
    return log


if __name__ == "__main__":
    sys.exit(main())

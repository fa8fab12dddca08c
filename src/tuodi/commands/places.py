"""Files named on the command line: whether they can be read and written, asked before the work begins."""

import os
from collections.abc import Iterable
from pathlib import Path


class WrongUse(Exception):
    """The command line asks for something that cannot be; the text is a Chinese sentence, the exit status 2."""


def file_to_read(name: str) -> Path:
    """Return the path of an existing, readable file. Raises WrongUse."""
    path = Path(name)
    if path.is_dir():
        raise WrongUse(f"{name} 是文件夹，这里要写文件名。")
    if not path.exists():
        raise WrongUse(f"找不到文件 {name}；请检查路径和文件名，当前文件夹是 {Path.cwd()}。")
    if not os.access(path, os.R_OK):
        raise WrongUse(f"没有读取 {name} 的权限；请换一个用户，或请系统管理员开通权限。")
    return path


def file_to_write(name: str, inputs: Iterable[Path] = ()) -> Path:
    """Return the path of a file that can be created or replaced and is none of ``inputs``. Raises WrongUse."""
    path = Path(name)
    if path.is_dir():
        raise WrongUse(f"{name} 是文件夹，这里要写文件名。")
    if path.exists() and any(given.exists() and path.samefile(given) for given in inputs):
        raise WrongUse(f"输出文件 {name} 与输入文件是同一个；请换一个输出文件名，以免覆盖原始数据。")
    _check_folder(path.parent, name)
    return path


def folder_to_write(name: str) -> Path:
    """Return the path of a folder, made if it is missing, that can be written to. Raises WrongUse."""
    path = Path(name)
    if path.exists() and not path.is_dir():
        raise WrongUse(f"{name} 是文件，这里要写文件夹名。")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise WrongUse(f"建不了文件夹 {name}（{problem.strerror}）；请换一个位置。") from problem
    _check_folder(path, name)
    return path


def _check_folder(folder: Path, name: str) -> None:
    if not folder.is_dir():
        raise WrongUse(f"文件夹 {folder} 不存在，无法写出 {name}；请先建好文件夹，或换一个位置。")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise WrongUse(f"没有写入文件夹 {folder} 的权限，无法写出 {name}；请换一个位置，或请系统管理员开通权限。")

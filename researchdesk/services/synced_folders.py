"""Whether a folder is one that a program copies between machines, or lies on another machine.

A database that two machines write through such a folder is torn: each copies whole files, at
moments of its own. https://www.sqlite.org/howtocorrupt.html, 2.1 and 1.2
"""

import re
from pathlib import Path

_BY_NAME = (
    (r"dropbox( \(.*\))?", "Dropbox"),
    (r"onedrive( - .*)?", "OneDrive"),
    (r"google ?drive(-.*)?|my drive", "Google Drive"),
    (r"nextcloud", "Nextcloud"),
    (r"owncloud", "ownCloud"),
    (r"mobile documents|com~apple~clouddocs|icloud ?drive", "iCloud Drive"),
    (r"pclouddrive|pcloud drive", "pCloud"),
    (r"megasync", "MEGA"),
    (r"seafile", "Seafile"),
)
_BY_MARK = {
    ".stfolder": "Syncthing",
    ".owncloudsync.log": "ownCloud or Nextcloud",
    ".sync_folder": "Resilio Sync",
}
_FAR = re.compile(
    r"nfs\d?|cifs|smb\w*|afpfs|davfs|fuse\.(sshfs|rclone|s3fs|gvfsd-fuse)|9p|ceph|lustre"
)
_MOUNTS = Path("/proc/mounts")


def keeper_of(folder: Path, mounts: Path = _MOUNTS) -> str:
    """Who copies this folder between machines: ``"Dropbox"``; ``"a network file system (nfs4)"``
    where it lies on one; ``""`` where nothing is known of that.

    Told by names of folders above it, by the marks that such programs leave there, and by the list
    of mounts (Linux).
    """
    whole = folder.absolute()
    for place in (whole, *whole.parents):
        for pattern, name in _BY_NAME:
            if re.fullmatch(pattern, place.name, re.IGNORECASE):
                return name
        for mark, name in _BY_MARK.items():
            if (place / mark).exists():
                return name
    kind = _mounted_as(whole, mounts)
    return f"a network file system ({kind})" if _FAR.fullmatch(kind) else ""


def _mounted_as(folder: Path, mounts: Path) -> str:
    """The kind of the file system that the folder is on; ``""`` where that is not known."""
    try:
        lines = mounts.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        place = Path(parts[1].replace("\\040", " "))
        if (folder == place or place in folder.parents) and len(place.parts) >= best:
            best, kind = len(place.parts), parts[2]
    return kind

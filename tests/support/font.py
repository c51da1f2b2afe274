"""`make font`: make the bundled typeface anew from the package that it comes in.

Of Figtree's weights only those that pages use are kept, and of its features kerning, figures of one width and the marks
of letters. Hinting goes: no screen of today needs it. Letters beyond Western Europe's have a file of their own, which
browsers load where a page has such letters.
"""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from adapters.http.web.templating import STATIC

PACKAGE = "@fontsource-variable/figtree@5.3.0"
WEIGHTS = "wght=400:650"
FEATURES = "ccmp,kern,locl,mark,mkmk,tnum"
FILES = {"latin": "figtree.woff2", "latin-ext": "figtree-more.woff2"}
LICENCE = "figtree-license.txt"


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        package = _unpacked(folder)
        for subset, name in FILES.items():
            light = folder / f"{subset}.ttf"
            source = package / "files" / f"figtree-{subset}-wght-normal.woff2"
            _fonttools("varLib.instancer", str(source), WEIGHTS, "-o", str(light), "-q")
            _fonttools(
                "subset", str(light), "--unicodes=*", f"--layout-features={FEATURES}", "--no-hinting",
                "--flavor=woff2", f"--output-file={STATIC / name}",
            )  # fmt: skip
            print(f"{name}: {(STATIC / name).stat().st_size} bytes")
        (STATIC / LICENCE).write_bytes((package / "LICENSE").read_bytes())


def _unpacked(folder: Path) -> Path:
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package"


def _fonttools(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "fontTools", *arguments], check=True)


if __name__ == "__main__":
    main()

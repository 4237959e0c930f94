#!/usr/bin/env python3
"""Draws the real output of a command as docs/preflight.svg, colours included: tests/cli/make_picture.py OUT.svg COMMAND…"""
import html
import os
import re
import subprocess
import sys

COLORS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "36": "#79c0ff", "2": "#8b949e", "1": "#ffffff"}
SGR = re.compile(r"\x1b\[([0-9;]*)m")
FONT, CELL, LINE = 13, 7.85, 18


def spans(line):
    """(text, colour) pieces of one line of terminal output."""
    colour, at = None, 0
    for code in SGR.finditer(line):
        if code.start() > at:
            yield line[at:code.start()], colour
        parts = [part for part in code.group(1).split(";") if part and part != "0"]
        colour = next((COLORS[part] for part in reversed(parts) if part in COLORS), None)
        at = code.end()
    if at < len(line):
        yield line[at:], colour


def draw(lines):
    width = max(len(SGR.sub("", line)) for line in lines) * CELL + 32
    rows = []
    for number, line in enumerate(lines):
        text = "".join(f'<tspan fill="{colour or "#e6edf3"}">{html.escape(piece)}</tspan>' for piece, colour in spans(line))
        rows.append(f'<text x="16" y="{24 + number * LINE}" xml:space="preserve">{text}</text>')
    height = 24 + len(lines) * LINE
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" font-family="monospace" font-size="{FONT}">'
            f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>' + "".join(rows) + "</svg>\n")


def main():
    target, *command = sys.argv[1:]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=dict(os.environ, COLUMNS="110"))
    with open(target, "w", encoding="utf-8") as file:
        file.write(draw(done.stdout.decode().rstrip("\n").split("\n")))


if __name__ == "__main__":
    main()

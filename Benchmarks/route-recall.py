#!/usr/bin/env python3
"""Recall of documented operations: what an OpenAPI document of a product lists, and whether KAPIN reports it.

  python3 Benchmarks/route-recall.py REPO OPERATIONS.tsv [--prefix /api/v1] [--show 20]

OPERATIONS.tsv has a line METHOD<TAB>path for each operation; parameters are {name} or :name. An operation counts as
found when a route has the same method (or ANY) and a path of the same segments, parameters matching parameters. A path
with a part that could not be folded ({?}) matches nothing. With --prefix the path may stand below it, or without it.
"""
import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def segments(path):
    path = re.sub(r"\?\w+=.*", "", path).strip("/")
    out = []
    for part in path.split("/") if path else []:
        part = re.sub(r"\{[^}]*\}", ":", part)
        if part.startswith("*"):
            part = "*"
        elif part.startswith(":"):
            # `/{id}.json`, `:name` and `:name?` are one parameter
            part = ":?" if part.endswith("?") else ":"
        out.append(part)
    return out


def fits(route, wanted):
    """Whether a route's segments are those of an operation."""
    if not route:
        return not wanted
    if route[0] == "*":
        return True
    if route[0] == ":?" and fits(route[1:], wanted):
        return True
    if not wanted:
        return False
    same = route[0] == wanted[0] or (route[0] in (":", ":?") and wanted[0] == ":")
    same = same or re.sub(r":\w+", ":", route[0]) == wanted[0]
    return same and fits(route[1:], wanted[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository")
    parser.add_argument("operations")
    parser.add_argument("--prefix", action="append", default=[])
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--catch-all", action="store_true", help="let a catch-all route answer for an operation")
    options = parser.parse_args()
    dump = subprocess.run(
        [ROOT / ".build/release/kapin", "graph", "dump", options.repository, "--quiet", "--no-cache"],
        check=True, capture_output=True).stdout
    routes = []
    for line in dump.splitlines():
        node = json.loads(line)
        if node.get("kind") == "route" and "node" in node:
            method, path = node["node"].split(":", 2)[2].split(" ", 1)
            routes.append((method, segments(path), node.get("rule")))
    wanted = []
    for line in Path(options.operations).read_text().splitlines():
        if line and not line.startswith("#"):
            method, path = line.split("\t")[:2]
            wanted.append((method.upper(), path))
    prefixes = [""] + options.prefix
    missing = []
    for method, path in wanted:
        found = any(
            (m == method or m == "ANY" or m in ("QUERY", "MUTATION", "RPC"))
            and (options.catch_all or "*" not in s or "*" in path)
            and fits(s, segments(prefix + path))
            for prefix in prefixes
            for m, s, _ in routes)
        if not found:
            missing.append(f"{method} {path}")
    total = len(wanted)
    print(f"{Path(options.repository).name}\t{total - len(missing)}/{total}\t{100 * (total - len(missing)) / max(1, total):.1f} %\troutes {len(routes)}")
    for row in missing[: options.show]:
        print("  missing:", row)


if __name__ == "__main__":
    sys.exit(main())

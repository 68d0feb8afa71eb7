#!/usr/bin/env bash
# Fetches the source distributions that carry the tree-sitter library and its grammars through the package index that
# pip is configured with, checks their SHA-256, and lays them out beside this script: the library's sources as they
# are, one C target a grammar. A second run does nothing.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
library="tree-sitter 0.25.2 fe43c158555da46723b28b52e058ad444195afd1db3ca7720c59a254544e9c20"
languages="tree-sitter-language-pack 0.9.0 900eb3bd82c1bcf5cf20ed852b1b6fdc7eae89e40a860fa5e221a796687c359a"
grammars="javascript:TreeSitterJavaScript typescript:TreeSitterTypeScript tsx:TreeSitterTSX json:TreeSitterJSON"
stamp=$root/.fetched wanted="$library $languages $grammars"
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then exit 0; fi
echo "grammars: fetching tree-sitter and its grammars (46 MB, once)" >&2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kapin/grammars
mkdir -p "$cache"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The address of a package's source distribution in the configured index.
address() {
  python3 - "$1" "$2" <<'PY'
import html.parser, os, subprocess, sys, urllib.parse, urllib.request
package, version = sys.argv[1:]
def configured():
    for key in ("global.index-url", "install.index-url", "download.index-url"):
        got = subprocess.run([sys.executable, "-m", "pip", "config", "get", key], capture_output=True, text=True)
        if got.stdout.strip():
            return got.stdout.strip()
    from pip._internal.models.index import PyPI  # pip's own default
    return PyPI.simple_url
base = (os.environ.get("PIP_INDEX_URL") or configured()).rstrip("/") + "/" + package + "/"
names = tuple(f"/{stem}-{version}.tar.gz" for stem in (package, package.replace("-", "_")))
class Links(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href", "")
        if tag == "a" and urllib.parse.urlparse(href).path.endswith(names):
            print(urllib.parse.urljoin(base, href))
            sys.exit()
Links().feed(urllib.request.urlopen(base, timeout=60).read().decode())
PY
}

# Unpacks a package, checked, into a folder without its top folder; further arguments name the parts that are wanted.
unpack() {
  local package=$1 version=$2 sha=$3 out=$4 archive url
  shift 4
  archive=$cache/$package-$version.tar.gz
  if ! echo "$sha  $archive" | sha256sum -c - >/dev/null 2>&1; then
    url=$(address "$package" "$version")
    [ -n "$url" ] || { echo "grammars: the package index does not list $package $version" >&2; exit 1; }
    curl -fsSL --retry 3 -o "$archive.part" "$url"
    echo "$sha  $archive.part" | sha256sum -c - >/dev/null || { echo "grammars: wrong SHA-256 for $package" >&2; exit 1; }
    mv "$archive.part" "$archive"
  fi
  mkdir -p "$out"
  tar xzf "$archive" -C "$out" --strip-components=1 --wildcards "$@"
}

# shellcheck disable=SC2086
unpack $library "$work/library" '*/core/lib/src/*' '*/core/lib/include/*'
core=$root/TreeSitterCore
rm -rf "$core"
cp -r "$work/library/tree_sitter/core/lib" "$core"

paths=()
for grammar in $grammars; do paths+=("*/parsers/${grammar%%:*}/*"); done
# shellcheck disable=SC2086
unpack $languages "$work/languages" "${paths[@]}"
for grammar in $grammars; do
  id=${grammar%%:*} target=${grammar##*:} out=$root/${grammar##*:}
  rm -rf "$out"
  mkdir -p "$out/include"
  cp -r "$work/languages/parsers/$id/src" "$out/src"
  rm -f "$out"/src/*.json
  if [ -d "$work/languages/parsers/$id/common" ]; then
    mkdir -p "$out/common"
    cp "$work/languages/parsers/$id/common/scanner.h" "$out/common/"
  fi
  printf 'typedef struct TSLanguage TSLanguage;\nconst TSLanguage *tree_sitter_%s(void);\n' "$id" > "$out/include/$target.h"
done
echo "$wanted" > "$stamp"

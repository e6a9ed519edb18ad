#!/usr/bin/env bash
# Builds quickjs.wasm, the guest, from QuickJS-NG, our patches and wasm/src.
#
#   wasm/build.sh            build and replace wasm/quickjs.wasm and its checksum
#   wasm/build.sh --check    build and compare with the committed module
#
# QUICKJS_SOURCE names the engine's sources: a folder, a .tar.gz or a .deb. When
# it is not set, they are fetched from upstream, or else from the Debian mirror
# this machine is configured for. Whatever the origin, every file must have the
# checksum in sources.sum.
#
# OPT (-O2), WASM_OPT (-O3) and OUT are for experiments.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=versions.env
. "$here/versions.env"

die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }
# Status 3: the sources cannot be had here, which says nothing about the build.
unavailable() { printf 'build.sh: %s\n' "$*" >&2; exit 3; }

check=false
case "${1-}" in
"") ;;
--check) check=true ;;
*) die "unknown argument '$1'; usage: build.sh [--check]" ;;
esac

CLANG=${CLANG:-clang-19}
WASM_OPT_BIN=${WASM_OPT_BIN:-wasm-opt}

need() { command -v "$1" >/dev/null || die "$1 is missing: install the Debian packages $2"; }
packages="clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32 binaryen"
need "$CLANG" "$packages"
need wasm-ld-19 "$packages"
need "$WASM_OPT_BIN" "$packages"
need patch patch
need sha256sum coreutils
need go golang

version_is() { # name, wanted, what it says
	[[ " $3 " == *[^0-9.]"$2"[^0-9.]* ]] || die "$1 must be version $2, this one says: $3"
}
version_is clang "$CLANG_VERSION" "$("$CLANG" --version | head -1)"
version_is wasm-ld "$LLD_VERSION" "$(wasm-ld-19 --version)"
version_is wasm-opt "$BINARYEN_VERSION" "$("$WASM_OPT_BIN" --version)"

library_is() { # name, wanted checksum, path
	[[ -f $3 ]] || die "$3 is missing: install the Debian packages $packages"
	[[ "$(sha256sum <"$3")" == "$2  -" ]] || die "$1 at $3 is not the one in versions.env"
}
library_is wasi-libc "$WASI_LIBC_SHA256" /usr/lib/wasm32-wasi/libc.a
library_is compiler-rt "$COMPILER_RT_SHA256" "$("$CLANG" --target=wasm32-wasi -print-libgcc-file-name)"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/fetched" "$work/engine"

unpack() { # archive -> $work/fetched
	case "$1" in
	*.deb) need dpkg-deb dpkg; dpkg-deb -x "$1" "$work/fetched" ;;
	*) tar -xzf "$1" -C "$work/fetched" ;;
	esac
}

fetch() {
	need curl curl
	local url site
	url=https://github.com/quickjs-ng/quickjs/archive/refs/tags/v$QUICKJS_VERSION.tar.gz
	if curl -fsSL --connect-timeout 10 -o "$work/engine.tar.gz" "$url" 2>/dev/null; then
		unpack "$work/engine.tar.gz"
		return
	fi
	command -v apt-get >/dev/null || unavailable "cannot fetch $url; set QUICKJS_SOURCE"
	for site in $(apt-get indextargets --format '$(SITE)' | sort -u); do
		url=$site/pool/main/q/quickjs-ng/qjs-src_${QUICKJS_DEB_VERSION}_all.deb
		if curl -fsSL --connect-timeout 10 -o "$work/engine.deb" "$url" 2>/dev/null; then
			unpack "$work/engine.deb"
			return
		fi
	done
	unavailable "cannot fetch the sources of QuickJS-NG $QUICKJS_VERSION; set QUICKJS_SOURCE to a folder or archive of them"
}

source=${QUICKJS_SOURCE-}
if [[ -z $source ]]; then
	fetch
	source=$work/fetched
elif [[ -f $source ]]; then
	unpack "$source"
	source=$work/fetched
fi
[[ -d $source ]] || die "QUICKJS_SOURCE=$source is neither a folder nor an archive"
root=$(find -L "$source" -name quickjs.c -printf '%h\n' | head -1)
[[ -n $root ]] || die "there is no quickjs.c below $source"

while read -r _ file; do
	[[ -f $root/$file ]] || die "$file is missing from $root"
	cp "$root/$file" "$work/engine/"
done <"$here/sources.sum"
(cd "$work/engine" && sha256sum --quiet -c "$here/sources.sum") ||
	die "the sources are not those of QuickJS-NG $QUICKJS_VERSION"
for p in "$here"/patches/*.patch; do
	patch -d "$work/engine" -p1 -s <"$p" || die "${p##*/} does not apply"
done

mapfile -t exports < <(sed 's/#.*//; /^[[:space:]]*$/d' "$here/exports.txt")
stack_size=$(sed -n 's/^#define QJS_STACK_SIZE \([0-9]*\).*/\1/p' "$here/src/abi.h")
[[ -n $stack_size ]] || die "abi.h does not define QJS_STACK_SIZE"

flags=(
	--target=wasm32-wasi --sysroot=/usr
	"${OPT:--O2}" -DNDEBUG -D_GNU_SOURCE -funsigned-char -w
	-mbulk-memory -mnontrapping-fptoint -msign-ext -mmutable-globals
	-ffunction-sections -fdata-sections -fno-exceptions
	-ffile-prefix-map="$work=" -ffile-prefix-map="$here="
	-I "$work/engine" -I "$here/src"
)
cd "$work"
for unit in dtoa libregexp libunicode; do
	"$CLANG" "${flags[@]}" -c "engine/$unit.c" -o "$unit.o"
done
# Lifetime markers keep LLVM from merging the interpreter's stack slots: up to
# 1.6 times slower loops.
"$CLANG" "${flags[@]}" -Xclang -disable-lifetime-markers -c "$here/src/qjs.c" -o qjs.o
"$CLANG" --target=wasm32-wasi --sysroot=/usr -mexec-model=reactor \
	-Wl,--gc-sections -Wl,--strip-all -Wl,--stack-first -Wl,-z,stack-size="$stack_size" \
	-Wl,--export=__stack_pointer -Wl,--export=qjs_ticks -Wl,--export=qjs_dispatch \
	-o linked.wasm qjs.o dtoa.o libregexp.o libunicode.o
read -r -a opt <<<"${WASM_OPT:--O3}"
"$WASM_OPT_BIN" --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
	--enable-mutable-globals "${opt[@]}" --strip-debug --strip-producers linked.wasm -o optimised.wasm
(cd "$here" && go run ./meter "$work/optimised.wasm" "$work/quickjs.wasm")

if [[ -n ${OUT-} ]]; then
	cp quickjs.wasm "$OUT"
	exit
fi
sum=$(sha256sum quickjs.wasm)
if $check; then
	[[ "$sum" == "$(cat "$here/quickjs.wasm.sha256")" ]] ||
		die "the build differs from the committed quickjs.wasm: $sum"
	echo "build.sh: quickjs.wasm is reproduced: $sum"
	exit
fi
cp quickjs.wasm "$here/quickjs.wasm"
printf '%s\n' "$sum" >"$here/quickjs.wasm.sha256"
printf 'build.sh: %s, %s bytes\n' "$sum" "$(stat -c %s "$here/quickjs.wasm")"
for e in "${exports[@]}"; do
	grep -q -a -F "$e" "$here/quickjs.wasm" || die "export $e is not in the module"
done

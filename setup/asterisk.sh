#!/bin/bash
# Puts Asterisk 22 with everything it needs into PREFIX, without installing anything into the system:
#   PREFIX/asterisk   launcher          PREFIX/root      file tree
#   PREFIX/modules    its modules       PREFIX/share     its documentation, ARI description and sounds
# usage: asterisk.sh PREFIX PACKAGES     PACKAGES keeps the downloaded packages, so that the version stays the same
#
# Neither Debian 12 and 13 nor Ubuntu 24.04 have Asterisk 22. It comes from the first newer suite of the same distribution
# that offers it, by a private apt state, and runs on that suite's own loader and C library. Before 22.7 it does not tell
# the SIP status of a call that failed, and who rang out cannot be told from a line that refuses the centre: what is older,
# as in Ubuntu 26.04, is passed over, and replaced where it is there. Newer suites move on to versions that nobody has
# tested: such a one is taken only by who names it (ASTERISK_VERSION=23). Their lists say that they hold for a week only; a
# mirror that is copied less often, as in a city hall's own network, is good enough for what is fetched once. The
# signature is checked all the same, and half a year is the limit.
set -euo pipefail
prefix=$(realpath -m "$1") packages=$(realpath -m "$2")
version=${ASTERISK_VERSION:-22} least=22.7

fail() { echo "$1" >&2; exit 1; }
recent() { printf '%s\n' "$least" "$1" | sort -VC; }
there() { local said; said=$("$prefix/asterisk" -V 2> /dev/null) && recent "${said#Asterisk }"; }

if there; then exit 0; fi

. /etc/os-release
case "$ID" in
  debian) suites="forky sid" components="main" keyring=/usr/share/keyrings/debian-archive-keyring.gpg ;;
  ubuntu) suites="resolute stonking devel" components="main universe" keyring=/usr/share/keyrings/ubuntu-archive-keyring.gpg ;;
  *) fail "Debian이나 Ubuntu가 아니어서 Asterisk를 받을 수 없습니다($ID). HAEDAP_ASTERISK_PREFIX로 직접 지정하십시오." ;;
esac
[ -r "$keyring" ] || fail "$keyring 파일이 없습니다. apt-get install $(basename "$keyring" .gpg) 뒤 다시 시작하십시오."
architecture=$(dpkg --print-architecture)
case "$architecture" in
  amd64) loader=usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 ;;
  arm64) loader=usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1 ;;
  *) fail "이 기계의 구조($architecture)에는 Asterisk 꾸러미가 없습니다." ;;
esac

# The repositories that this machine's own apt has for its own release, one a line. What its configuration names is
# enough, and its lists are left alone: another apt may be at them, and they can be missing or closed while it is. Only
# a release that is named by an alias ("stable") has to be looked up there. Other houses' repositories, that name the
# same release, are told apart by their signature later.
mirrors() {
  for_this_release -o "Dir::State::Lists=$packages/apt/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    --no-release-info | grep . || for_this_release
}

for_this_release() {
  apt-get indextargets "$@" --format '$(REPO_URI) $(RELEASE) $(CODENAME)' 'Created-By: Packages' |
    awk -v release="$VERSION_CODENAME" '($2 == release || $3 == release) && !seen[$1]++ { print $1 }'
}

# Leaves the private apt state with the lists of the first suite that offers the wanted version, and this in `offered`;
# fails when none does.
choose_suite() {
  local suite mirror heard=$packages/apt/heard there=""
  for suite in $suites; do
    offered=""
    : > "$heard"
    for mirror in "$@"; do
      echo "deb [signed-by=$keyring] $mirror $suite $components" > "$packages/apt/sources.list"
      apt-get -qq update --error-on=any 2>> "$heard" || continue
      : > "$heard"
      offered=$(apt-cache madison asterisk 2> /dev/null | awk 'NR == 1 { sub(/^[0-9]+:/, "", $3); print $3 }')
      break
    done
    case "$offered" in "$version".*) if recent "$offered"; then return; fi ;; esac
    # A mirror may lack the further suites; that none has the first, or can be reached, is the reason to be told.
    [ -n "$there" ] || cat "$heard" >&2
    offered=${offered%%[+~-]*}
    there+="${there:+, }$suite ${offered:-없음}"
  done
  fail "배포판에 Asterisk $version 판이 없습니다($there, $least부터 됩니다). 시험하지 않은 판이라도 쓰려면 ASTERISK_VERSION=23처럼 골라서 다시 \
시작하고, 아니면 HAEDAP_ASTERISK_PREFIX로 직접 지정하십시오."
}

fetch() {
  local mirrors state=$packages/apt
  mkdir -p "$state"/{lists/partial,archives/partial}
  mapfile -t mirrors < <(mirrors)
  [ ${#mirrors[@]} -gt 0 ] || fail "apt 설정에서 $VERSION_CODENAME 미러를 찾지 못했습니다. /etc/apt의 소스 목록을 확인하십시오."
  : > "$state/status"
  cat > "$state/apt.conf" <<CONF
Dir::State "$state";
Dir::State::Lists "$state/lists";
Dir::State::status "$state/status";
Dir::Cache "$state";
Dir::Cache::archives "$state/archives";
Dir::Etc::sourcelist "$state/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Debug::NoLocking "true";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Min-ValidTime "15552000";
CONF
  export APT_CONFIG=$state/apt.conf
  choose_suite "${mirrors[@]}"
  apt-get -q -y --download-only install asterisk asterisk-modules asterisk-core-sounds-en-wav
  rm -f "$packages"/*.deb
  mv "$state"/archives/*.deb "$packages/"
  (cd "$packages" && echo "$offered" > version && sha256sum -- *.deb > complete)
  rm -rf "$state"
}

unpack() {
  local draft=$prefix.new
  rm -rf "$draft" && mkdir -p "$draft/root"
  printf '%s\0' "$packages"/*.deb | xargs -0 -P "$(nproc)" -I '{}' dpkg-deb -x '{}' "$draft/root"
  ln -s "root/usr/lib/${loader#usr/lib/}" "$draft/loader"
  ln -s "$(cd "$draft" && echo root/usr/lib/*/asterisk/modules)" "$draft/modules"
  ln -s root/usr/share/asterisk "$draft/share"
  cat > "$draft/asterisk" <<'LAUNCHER'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
libraries=$(dirname "$(readlink -f "$here/loader")")
exec "$here/loader" --library-path "$libraries" "$here/root/usr/sbin/asterisk" "$@"
LAUNCHER
  chmod 755 "$draft" "$draft/asterisk"
  chmod -R a+rX "$draft/root"
  "$draft/asterisk" -V || fail "받은 Asterisk가 이 기계에서 실행되지 않습니다. $packages 폴더를 지우고 다시 시작하십시오."
  rm -rf "$prefix" && mv "$draft" "$prefix"
}

mkdir -p "$packages" "$(dirname "$prefix")"
exec 9> "$packages/lock" && flock 9
if there; then exit 0; fi
if ! (cd "$packages" && [ -e complete ] && sha256sum --quiet -c complete && recent "$(< version)"); then fetch; fi
unpack

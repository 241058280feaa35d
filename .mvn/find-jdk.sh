# Sourced by mvnw: makes JAVA_HOME a JDK of the version the build needs, wherever one is installed.
# Order: JAVA_HOME, JAVA_HOME_25, the java on the PATH, then the places where installers put JDKs.

athanor_jdk=25

athanor_major() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

athanor_fits() {
  athanor_found=$(athanor_major "$1") || return 1
  [ "${athanor_found:-0}" -ge "$athanor_jdk" ]
}

athanor_find_jdk() {
  set +f
  athanor_path_java=$(command -v java 2>/dev/null) &&
    athanor_path_java=$(readlink -f "$athanor_path_java" 2>/dev/null) || athanor_path_java=
  for athanor_home in "${JAVA_HOME-}" "${JAVA_HOME_25-}" "${athanor_path_java%/bin/java}" \
    "$HOME"/.sdkman/candidates/java/25* /usr/lib/jvm/*25* /usr/lib/jvm/* /usr/java/*25* /opt/*jdk*25* \
    "$HOME"/.jdks/*25* "$HOME"/.local/share/mise/installs/java/*25* "$HOME"/.asdf/installs/java/*25* \
    /Library/Java/JavaVirtualMachines/*25*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*25*/Contents/Home \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$athanor_home" ] && athanor_fits "$athanor_home"; then
      JAVA_HOME=$athanor_home
      export JAVA_HOME
      set -f
      return 0
    fi
  done
  set -f
  echo "Athanor needs a JDK $athanor_jdk and found none: install one (for example Temurin, https://adoptium.net) or point JAVA_HOME_25 at it." >&2
  return 1
}

athanor_find_jdk || exit 1

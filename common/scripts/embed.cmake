# Writes OUT: one row a Lua script in DIR (name, text, SHA-1), for include/stonechat/script.h.
file(GLOB files ${DIR}/*.lua)
list(SORT files)
set(texts "")
set(rows "")
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  string(TOUPPER ${name} upper)
  file(SHA1 ${file} sha1)
  file(READ ${file} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR bytes "${digits} / 2")
  string(REGEX REPLACE "(..)" "\\\\x\\1" text "${hex}")
  string(REPLACE "\\x0a" "\\x0a\"\n    \"" text "${text}")
  string(APPEND texts "static const char ${name}[] =\n    \"${text}\";\n")
  string(APPEND rows "    [SC_SCRIPT_${upper}] = {\"${name}\", ${name}, ${bytes}, \"${sha1}\"},\n")
endforeach()
file(WRITE ${OUT} "/* Made by common/scripts/embed.cmake: do not edit. */
#include <stonechat/script.h>

${texts}
const struct sc_script sc_scripts[SC_SCRIPT_COUNT] = {
${rows}};
")

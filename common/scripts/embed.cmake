# Writes OUT: one row a Lua script in DIR (name, text, SHA-1), for include/stonechat/script.h.
# Scripts can't call each other: a line `-- include NAME` stands for the text of DIR/shared/NAME.lua.
file(GLOB files ${DIR}/*.lua)
file(GLOB shared ${DIR}/shared/*.lua)
list(SORT files)
set(texts "")
set(rows "")
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  string(TOUPPER ${name} upper)
  file(READ ${file} script)
  foreach(part ${shared})
    get_filename_component(part_name ${part} NAME_WE)
    file(READ ${part} part_text)
    string(REPLACE "-- include ${part_name}\n" "${part_text}" script "${script}")
  endforeach()
  if("${script}" MATCHES "\n-- include ([^\n]*)")
    message(FATAL_ERROR "${file} includes ${CMAKE_MATCH_1}, which is not in ${DIR}/shared")
  endif()
  string(SHA1 sha1 "${script}")
  string(HEX "${script}" hex)
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

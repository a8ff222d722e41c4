# Writes OUT: the lines of LIST, sorted by bytes already, as the array of fcgi/common_passwords.h.
file(STRINGS ${LIST} lines ENCODING UTF-8)
set(rows "")
set(count 0)
foreach(line IN LISTS lines)
  string(REPLACE "\\" "\\\\" line "${line}")
  string(REPLACE "\"" "\\\"" line "${line}")
  string(APPEND rows "    \"${line}\",\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUT} "/* Made by fcgi/common_passwords.cmake: do not edit. */
#include \"common_passwords.h\"

const char *const common_passwords[] = {
${rows}};
const size_t common_passwords_count = ${count};
")

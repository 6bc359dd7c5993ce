# A source in fail/ begins with "// expect: <regex>". It must compile as it is, and fail with output
# that matches the regex when MUST_NOT_COMPILE is defined.
cmake_minimum_required(VERSION 3.22)

file(STRINGS ${SOURCE} first LIMIT_COUNT 1)
if(NOT first MATCHES "^// expect: (.+)$")
    message(FATAL_ERROR "${SOURCE}: the first line must be '// expect: <regex>'")
endif()
set(expected "${CMAKE_MATCH_1}")

set(command ${COMPILER} ${STANDARD} -fsyntax-only -Werror=unused-result)
foreach(include IN LISTS INCLUDES)
    list(APPEND command -I${include})
endforeach()
foreach(definition IN LISTS DEFINITIONS)
    list(APPEND command -D${definition})
endforeach()
set(ENV{LC_ALL} C)

execute_process(COMMAND ${command} ${SOURCE} RESULT_VARIABLE result ERROR_VARIABLE output)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "must compile without MUST_NOT_COMPILE:\n${output}")
endif()

execute_process(COMMAND ${command} -DMUST_NOT_COMPILE ${SOURCE} RESULT_VARIABLE result ERROR_VARIABLE output)
if(result EQUAL 0)
    message(FATAL_ERROR "must not compile with MUST_NOT_COMPILE, but does")
elseif(NOT output MATCHES "${expected}")
    message(FATAL_ERROR "fails, but not with '${expected}':\n${output}")
endif()

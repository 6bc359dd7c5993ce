# The prefetches of a batch are in what was compiled: a compiler may take a function that only prefetches for
# one that does nothing. Expects OBJDUMP and PROGRAM.
cmake_minimum_required(VERSION 3.22)

execute_process(COMMAND ${OBJDUMP} -dC --no-show-raw-insn ${PROGRAM}
    OUTPUT_VARIABLE listing RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "${OBJDUMP} cannot read ${PROGRAM}")
endif()

foreach(function IN ITEMS prefetch_unit view)
    string(REGEX MATCH "\n[0-9a-f]+ <entitle::v0::MemoryStore::${function}\\(" found "${listing}")
    if(found STREQUAL "")
        message(FATAL_ERROR "MemoryStore::${function} is not in ${PROGRAM}")
    endif()
    string(FIND "${listing}" "${found}" begin)
    string(SUBSTRING "${listing}" ${begin} -1 body)
    string(FIND "${body}" "\n\n" end)
    string(SUBSTRING "${body}" 0 ${end} body)
    if(NOT body MATCHES "prefetch|prfm")
        message(FATAL_ERROR "MemoryStore::${function} prefetches nothing")
    endif()
endforeach()

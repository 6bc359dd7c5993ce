# Proves that the README's code is examples/embed.cpp, and that what it says is printed is printed.
#     cmake -D README=… -D SOURCE=… -D EMBED=… -D SHARDS=… -D ENTITLE=… -D DATA=… -P readme.cmake
function(part name output)
    file(READ ${README} text)
    string(FIND "${text}" "<!-- ${name}:begin -->" begin)
    string(FIND "${text}" "<!-- ${name}:end -->" end)
    if(begin EQUAL -1 OR end LESS begin)
        message(FATAL_ERROR "the README has no part '${name}'")
    endif()
    math(EXPR length "${end} - ${begin}")
    string(SUBSTRING "${text}" ${begin} ${length} text)
    string(REGEX REPLACE "^[^\n]*\n```[a-z]*\n" "" text "${text}")
    string(REGEX REPLACE "```\n$" "" text "${text}")
    set(${output} "${text}" PARENT_SCOPE)
endfunction()

file(READ ${SOURCE} source)
part(embed embed)
if(NOT embed STREQUAL source)
    message(FATAL_ERROR "the README's code is not ${SOURCE}:\n${embed}")
endif()

# What a part of the README says, a command prints.
function(prints name)
    execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE printed RESULT_VARIABLE result)
    part(${name} said)
    if(NOT result EQUAL 0 OR NOT said STREQUAL printed)
        message(FATAL_ERROR "the README says\n${said}\nbut the program prints\n${printed}")
    endif()
endfunction()

prints(output ${EMBED})
foreach(count 1 2 5)
    prints(shards ${SHARDS} ${count}) # however many there are
endforeach()
prints(run ${ENTITLE} replay ${DATA}/plan.json ${DATA}/events.csv)

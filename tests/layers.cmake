# cmake -D ROOT=include/entitle -P layers.cmake: the arrows among the folders of the library point one way.
cmake_minimum_required(VERSION 3.22)

# <layer> -> the layers that it may include, besides itself and version.hpp
set(fwd)
set(value fwd)
set(rule fwd value)
set(ledger fwd value rule) # an audit asks the rules what must have come
set(sla fwd value)
set(store fwd value)
set(engine fwd value rule ledger sla store)
set(entitle fwd value rule ledger sla store engine)
set(version)
set(layers version fwd value rule ledger sla store engine entitle)

set(tz_header value/zone.hpp) # the only one that may include date/tz.h

# "value/id.hpp" and "engine.hpp" are of the layers "value" and "engine".
function(layer_of path result)
    string(REGEX REPLACE "/.*|\\.hpp$" "" layer ${path})
    set(${result} ${layer} PARENT_SCOPE)
endfunction()

set(errors)
file(GLOB_RECURSE headers RELATIVE ${ROOT} ${ROOT}/*)
if(NOT headers)
    message(FATAL_ERROR "no headers in ${ROOT}")
endif()

foreach(header IN LISTS headers)
    layer_of(${header} layer)
    if(NOT layer IN_LIST layers)
        list(APPEND errors "${header}: the layer '${layer}' is not known to tests/layers.cmake")
        continue()
    endif()

    file(STRINGS ${ROOT}/${header} lines REGEX "^[ \t]*#[ \t]*include")
    foreach(line IN LISTS lines)
        if(line MATCHES "[<\"]date/tz\\.h[>\"]" AND NOT header STREQUAL tz_header)
            list(APPEND errors "${header}: only ${tz_header} may include date/tz.h")
        endif()

        if(line MATCHES "[<\"]entitle/([^>\"]+)[>\"]")
            set(included ${CMAKE_MATCH_1})
        elseif(line MATCHES "\"([^\"]+)\"")
            get_filename_component(included ${ROOT}/${header} DIRECTORY)
            get_filename_component(included ${included}/${CMAKE_MATCH_1} ABSOLUTE)
            file(RELATIVE_PATH included ${ROOT} ${included})
        else()
            continue()
        endif()

        layer_of(${included} target)
        if(NOT target IN_LIST ${layer} AND NOT target STREQUAL layer AND NOT target STREQUAL "version")
            list(APPEND errors "${header}: ${layer} may not include ${included}")
        endif()
    endforeach()
endforeach()

if(errors)
    list(JOIN errors "\n  " text)
    message(FATAL_ERROR "the layers do not hold:\n  ${text}")
endif()
list(LENGTH headers count)
message(STATUS "${count} headers in their layers")

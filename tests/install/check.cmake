# Builds and runs the consumer, which takes the library by WAY.
cmake_minimum_required(VERSION 3.22)

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${command}\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
set(consumer ${CMAKE_CURRENT_LIST_DIR}/consumer)
set(configure ${CMAKE_COMMAND} -G ${GENERATOR} -S ${consumer} -DCMAKE_CXX_COMPILER=${COMPILER} -DWAY=${WAY})

if(WAY STREQUAL "find_package")
    run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
    list(APPEND configure -DCMAKE_PREFIX_PATH=${WORK}/prefix)
elseif(WAY STREQUAL "add_subdirectory")
    list(APPEND configure -DENTITLE_SOURCE=${SOURCE})
elseif(WAY STREQUAL "fetch_content")
    # An archive of what a host needs, and of nothing else.
    set(parts CMakeLists.txt LICENSE cmake include)
    if(EXISTS ${SOURCE}/src)
        list(APPEND parts src)
    endif()
    file(MAKE_DIRECTORY ${WORK})
    execute_process(COMMAND ${CMAKE_COMMAND} -E tar czf ${WORK}/entitle.tar.gz ${parts}
        WORKING_DIRECTORY ${SOURCE} COMMAND_ERROR_IS_FATAL ANY)
    list(APPEND configure -DENTITLE_SOURCE=file://${WORK}/entitle.tar.gz)
endif()

run(${configure} -B ${WORK}/build)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
if(NOT output MATCHES "^entitle ${VERSION}\n")
    message(FATAL_ERROR "the consumer printed: ${output}")
endif()

# Our warnings and sanitizers stay ours.
file(STRINGS ${WORK}/build/compile_commands.json forced REGEX "-W(all|extra|error|conversion)|-fsanitize")
if(forced)
    message(FATAL_ERROR "forced on the host: ${forced}")
endif()
file(GLOB_RECURSE compiled RELATIVE ${WORK}/build ${WORK}/build/*.o)
list(LENGTH compiled count)
if(NOT count EQUAL 1)
    message(FATAL_ERROR "a host that has one source compiled more: ${compiled}")
endif()

if(WAY STREQUAL "find_package")
    execute_process(COMMAND ${configure} -B ${WORK}/component -DCOMPONENT=no_such_component
        RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE output)
    string(REGEX REPLACE "[ \n]+" " " output "${output}")
    if(result EQUAL 0 OR NOT output MATCHES "installed without the component 'no_such_component'")
        message(FATAL_ERROR "an unknown component: ${output}")
    endif()
endif()

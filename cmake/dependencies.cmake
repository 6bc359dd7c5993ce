include(FetchContent)

# entitle_dependency(<package> TARGET <target> GIT <url> TAG <tag> [OPTIONS <variable>=<value>...])
#
# Gives the target: the host's own, else the system's package, else the pinned source. The names of
# what had to be fetched are added to entitle_fetched.
function(entitle_dependency package)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TARGET;GIT;TAG" "OPTIONS")
    if(TARGET ${arg_TARGET})
        return()
    endif()
    find_package(${package} CONFIG QUIET)
    if(TARGET ${arg_TARGET})
        return()
    endif()

    message(STATUS "entitle: ${package} is not installed, fetching ${arg_TAG}")
    set(CMAKE_POLICY_DEFAULT_CMP0077 NEW) # their options listen to our variables
    foreach(option IN LISTS arg_OPTIONS)
        string(REGEX MATCH "^([^=]+)=(.*)$" _ ${option})
        set(${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
    endforeach()
    FetchContent_Declare(${package} GIT_REPOSITORY ${arg_GIT} GIT_TAG ${arg_TAG} GIT_SHALLOW ON)
    FetchContent_MakeAvailable(${package})
    if(NOT TARGET ${arg_TARGET})
        message(FATAL_ERROR "entitle: ${package} ${arg_TAG} has no target ${arg_TARGET}")
    endif()

    # Their headers are not ours to warn about.
    get_target_property(target ${arg_TARGET} ALIASED_TARGET)
    if(NOT target)
        set(target ${arg_TARGET})
    endif()
    get_target_property(folders ${target} INTERFACE_INCLUDE_DIRECTORIES)
    if(folders)
        set_property(TARGET ${target} PROPERTY INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${folders})
    endif()

    set(entitle_fetched ${entitle_fetched} ${package} PARENT_SCOPE)
endfunction()

set(entitle_fetched "")

entitle_dependency(fmt TARGET fmt::fmt
    GIT https://github.com/fmtlib/fmt.git TAG 9.1.0)
entitle_dependency(date TARGET date::date-tz
    GIT https://github.com/HowardHinnant/date.git TAG v3.0.1
    OPTIONS BUILD_TZ_LIB=ON USE_SYSTEM_TZ_DB=ON)
entitle_dependency(tl-expected TARGET tl::expected
    GIT https://github.com/TartanLlama/expected.git TAG v1.1.0
    OPTIONS EXPECTED_BUILD_TESTS=OFF EXPECTED_BUILD_PACKAGE=OFF)

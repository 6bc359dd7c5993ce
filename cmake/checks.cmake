# What we ask of our own code, and force on nobody: link entitle_checks PRIVATE to tests and examples.
# It is never exported, and entitle::entitle does not know it.
add_library(entitle_checks INTERFACE)

if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(entitle_checks INTERFACE
        -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wcast-align
        -Wcast-qual -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough -Wextra-semi
        $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op>
        # gcc 12 takes "text" + std::string for overlapping memory where it optimizes (its bug 105651).
        $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
        $<$<BOOL:${ENTITLE_WARNINGS_AS_ERRORS}>:-Werror>)
elseif(MSVC)
    target_compile_options(entitle_checks INTERFACE
        /W4 /permissive- /utf-8 $<$<BOOL:${ENTITLE_WARNINGS_AS_ERRORS}>:/WX>)
endif()

if(ENTITLE_SANITIZE)
    list(JOIN ENTITLE_SANITIZE "," sanitizers)
    target_compile_options(entitle_checks INTERFACE
        -fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(entitle_checks INTERFACE -fsanitize=${sanitizers})
endif()

# Code that counts which of its branches are taken: written where LLVM_PROFILE_FILE says, else nowhere. See tests/coverage.
if(ENTITLE_COVERAGE)
    set(entitle_counts -fprofile-instr-generate=/dev/null -fcoverage-mapping)
    target_link_options(entitle_checks INTERFACE -fprofile-instr-generate)
endif()

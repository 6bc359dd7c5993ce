#include <cstdio>
#include <exception>

#include "cli.hpp"

/// The library throws nothing; what still comes (memory that is not there) ends the program with a word.
int main(int argc, char** argv) {
    try {
        return program::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "entitle: %s\n", error.what());
        return 2;
    }
}

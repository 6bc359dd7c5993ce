#include <entitle/entitle.hpp>
#include <fmt/format.h>

int main() {
    fmt::print("entitle {}.{}.{}\n", ENTITLE_VERSION_MAJOR, ENTITLE_VERSION_MINOR, ENTITLE_VERSION_PATCH);
}

#include "unit.hpp"

tl::expected<std::string, int> version_of_unit() { return version_here(); }

long standard_of_unit() { return __cplusplus; }

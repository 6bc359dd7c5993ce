#include "unit.hpp"

int main() {
#ifdef HOST_IS_NEWER
    const bool standards = standard_of_unit() < __cplusplus;
#else
    const bool standards = standard_of_unit() == __cplusplus;
#endif
    return standards && version_of_unit() == version_here() ? 0 : 1;
}

# The component "sqlite" of the package entitle.
find_dependency(SQLite3 3.37)
include(${CMAKE_CURRENT_LIST_DIR}/entitle-sqlite-targets.cmake)

# The component "postgres" of the package entitle.
find_dependency(PostgreSQL 14)
include(${CMAKE_CURRENT_LIST_DIR}/entitle-postgres-targets.cmake)

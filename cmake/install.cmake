include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/entitle)

target_include_directories(entitle INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
install(DIRECTORY include/entitle DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(TARGETS entitle EXPORT entitle-targets)
install(EXPORT entitle-targets NAMESPACE entitle:: DESTINATION ${package_dir})

configure_package_config_file(cmake/entitle-config.cmake.in entitle-config.cmake
    INSTALL_DESTINATION ${package_dir}
    NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(entitle-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/entitle-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/entitle-config-version.cmake
        DESTINATION ${package_dir})

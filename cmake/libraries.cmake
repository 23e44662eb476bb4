# Every library of src/modules.txt by the short name used there -> one imported target `lib_<name>`.
function(antin_pkg name)
  pkg_check_modules(PC_${name} REQUIRED IMPORTED_TARGET ${ARGN})
  add_library(lib_${name} INTERFACE)
  target_link_libraries(lib_${name} INTERFACE PkgConfig::PC_${name})
endfunction()

antin_pkg(fmt fmt)
antin_pkg(icu icu-uc icu-i18n)
antin_pkg(spdlog spdlog)
antin_pkg(sqlite3 sqlite3)
antin_pkg(libpq libpq)
antin_pkg(openssl openssl)
antin_pkg(zlib zlib)
antin_pkg(json nlohmann_json)
antin_pkg(libzip libzip)
antin_pkg(pugixml pugixml)
antin_pkg(xlsxwriter xlsxwriter)
antin_pkg(cairo cairo cairo-pdf)
antin_pkg(pango pangocairo)
antin_pkg(qpdf libqpdf)
antin_pkg(qrencode libqrencode)
antin_pkg(curl libcurl)
antin_pkg(argon2 libargon2)
antin_pkg(oath liboath)
antin_pkg(magic libmagic)
antin_pkg(p11kit p11-kit-1)
antin_pkg(jemalloc jemalloc)

find_package(Boost 1.81 REQUIRED)
add_library(lib_boost INTERFACE)
target_link_libraries(lib_boost INTERFACE Boost::headers Threads::Threads)
add_library(lib_expected INTERFACE)   # header only: <tl/expected.hpp>
add_library(lib_mustache INTERFACE)   # header only: <kainjow/mustache.hpp>
add_library(lib_toml INTERFACE)       # header only: <toml++/toml.h>
add_library(lib_cli11 INTERFACE)      # header only: <CLI/CLI.hpp>
add_library(lib_data INTERFACE)       # the embedded files, see cmake/embed.cmake
target_link_libraries(lib_data INTERFACE antin_data)

# Files that travel inside the binary: data/, the page templates, the built web assets.
# tools/embed.py writes one assembler file with .incbin and a table; see base/embedded.hpp.
find_program(PYTHON3 python3 REQUIRED)
function(antin_embed target symbol)
  cmake_parse_arguments(EMBED "" "" "ROOTS" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/generated/${symbol})
  set(files)
  foreach(root IN LISTS EMBED_ROOTS)
    string(REGEX REPLACE "=.*" "" folder "${root}")
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${folder}/*.json ${folder}/*.html ${folder}/*.css ${folder}/*.js
         ${folder}/*.woff2 ${folder}/*.svg ${folder}/*.png ${folder}/*.csv ${folder}/*.toml ${folder}/*.txt ${folder}/*.md ${folder}/*.icc ${folder}/*.xlsx ${folder}/*.sql ${folder}/*.pem)
    list(FILTER found EXCLUDE REGEX "/data/(antin\\.toml|first-accounts\\.txt|tokens/|secrets/|tls/|files/|spool/|audit/|checkpoints/|root-token/|public/)")
    list(APPEND files ${found})
  endforeach()
  add_custom_command(
    OUTPUT ${out}.S ${out}.cpp
    COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/tools/embed.py ${symbol} ${out} ${EMBED_ROOTS}
    DEPENDS ${CMAKE_SOURCE_DIR}/tools/embed.py ${files}
    VERBATIM)
  set_source_files_properties(${out}.S PROPERTIES OBJECT_DEPENDS "${files}")
  add_library(${target} STATIC ${out}.S ${out}.cpp)
  target_link_libraries(${target} PUBLIC antin_base)
endfunction()

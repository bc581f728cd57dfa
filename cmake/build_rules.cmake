# build_rules.cmake - warnings, sanitizers, hardening, and the two words that declare a target.

option(NEARFAB_WERROR "Treat warnings as errors" ON)
option(NEARFAB_TIDY "Run clang-tidy beside the compiler" OFF)
set(NEARFAB_SANITIZE "" CACHE STRING "Empty, 'address,undefined' or 'thread'")

add_library(nearfab_flags INTERFACE)
target_compile_features(nearfab_flags INTERFACE cxx_std_20)
target_include_directories(nearfab_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(nearfab_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion
    -Wcast-align -Wcast-qual -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
    -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum -Wundef -Wunused -Wredundant-decls
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -Wsuggest-override>
    $<$<BOOL:${NEARFAB_WERROR}>:-Werror>)
if(NEARFAB_SANITIZE)
    target_compile_options(nearfab_flags INTERFACE
        -fsanitize=${NEARFAB_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(nearfab_flags INTERFACE -fsanitize=${NEARFAB_SANITIZE})
    # GCC's sanitizer instrumentation makes -Wmaybe-uninitialized and friends misfire.
    target_compile_options(nearfab_flags INTERFACE -Wno-maybe-uninitialized -Wno-null-dereference)
else()
    target_compile_options(nearfab_flags INTERFACE -fstack-protector-strong
        $<$<NOT:$<CONFIG:Debug>>:-fstack-clash-protection -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS>)
    target_link_options(nearfab_flags INTERFACE -Wl,-z,relro,-z,now)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(NEARFAB_CCACHE ccache)
if(NEARFAB_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${NEARFAB_CCACHE})
endif()
find_program(NEARFAB_MOLD mold)
if(NEARFAB_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_link_options(-fuse-ld=mold)
endif()
if(NEARFAB_TIDY)
    find_program(NEARFAB_CLANG_TIDY clang-tidy REQUIRED)
    set(CMAKE_CXX_CLANG_TIDY ${NEARFAB_CLANG_TIDY} --quiet)
endif()

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

# nearfab_library(NAME SOURCES a.cpp ... [LINK target ...]): a static library of one layer.
# What it links is what it may include; tests/layers checks the includes as well.
function(nearfab_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK;LINK_PRIVATE" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC nearfab_flags ${arg_LINK} PRIVATE ${arg_LINK_PRIVATE})
endfunction()

# nearfab_program(NAME SOURCES a.cpp ... LINK target ...): a binary in build/<preset>/bin.
function(nearfab_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE nearfab_flags ${arg_LINK})
endfunction()

# nearfab_test(NAME SOURCES x_test.cpp ... LINK target ... [LABELS unit]): a Catch2 program whose
# cases are known to CTest one by one. tests/folders.hpp tells it where fixtures and programs are,
# tests/skip_listener.cpp tells CTest when one could not be done here.
function(nearfab_test name)
    cmake_parse_arguments(arg "SERIAL" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
    add_executable(${name} ${arg_SOURCES} $<TARGET_OBJECTS:nearfab_skip_listener>)
    target_link_libraries(${name} PRIVATE nearfab_flags nearfab_test_folders
        Catch2::Catch2WithMain ${arg_LINK})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    if(NOT arg_LABELS)
        set(arg_LABELS unit)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    if(NEARFAB_SANITIZE)
        math(EXPR arg_TIMEOUT "5 * ${arg_TIMEOUT}")
    endif()
    # A name that CTest passes on wrongly, such as one with a semicolon, would run nothing, and pass.
    catch_discover_tests(${name} TEST_PREFIX "${name}: " EXTRA_ARGS --warn NoTests
        PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} RUN_SERIAL "${arg_SERIAL}"
            SKIP_REGULAR_EXPRESSION "nearfab test skipped:")
endfunction()

# nearfab_schema_library(NAME FILES a.proto ...): generated Protobuf code. Its warnings are not
# ours, so it is compiled without them and included as SYSTEM, by its path below this folder.
function(nearfab_schema_library name)
    cmake_parse_arguments(arg "" "" "FILES" ${ARGN})
    set(out_dir ${CMAKE_CURRENT_BINARY_DIR}/${name}_generated)
    file(MAKE_DIRECTORY ${out_dir})
    add_library(${name} STATIC ${arg_FILES})
    protobuf_generate(TARGET ${name} LANGUAGE cpp
        IMPORT_DIRS ${CMAKE_CURRENT_SOURCE_DIR} PROTOC_OUT_DIR ${out_dir})
    target_link_libraries(${name} PUBLIC protobuf::libprotobuf)
    target_include_directories(${name} SYSTEM PUBLIC ${out_dir})
    target_compile_features(${name} PUBLIC cxx_std_20)
    target_compile_options(${name} PRIVATE -w)
    set_target_properties(${name} PROPERTIES CXX_CLANG_TIDY "")
    if(NEARFAB_SANITIZE)
        target_compile_options(${name} PRIVATE -fsanitize=${NEARFAB_SANITIZE})
    endif()
endfunction()

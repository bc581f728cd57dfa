# commit.cmake - run at each build: writes TO, which says which commit SOURCE is at. Written only when
# that changes, so that nothing is compiled again for nothing.
#
#   cmake -DSOURCE=folder -DTO=commit.cpp -P commit.cmake
execute_process(COMMAND git -C "${SOURCE}" rev-parse --show-cdup
    OUTPUT_VARIABLE up OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE outside)
execute_process(COMMAND git -C "${SOURCE}" rev-parse --short=12 HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
# Within somebody else's repository its commit says nothing of us.
if(outside OR failed OR NOT "${up}" STREQUAL "" OR NOT commit MATCHES "^[0-9a-f]+$")
    set(commit "unknown")
else()
    execute_process(COMMAND git -C "${SOURCE}" diff --quiet HEAD ERROR_QUIET RESULT_VARIABLE changed)
    if(changed)
        string(APPEND commit "-changed")
    endif()
endif()
set(text "#include \"router/gateway/commit.hpp\"\n
const char* const nearfab::gateway::commit = \"${commit}\";\n")
if(EXISTS "${TO}")
    file(READ "${TO}" before)
endif()
if(NOT before STREQUAL text)
    file(WRITE "${TO}" "${text}")
endif()

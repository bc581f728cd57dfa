// SPDX-License-Identifier: GPL-3.0-or-later
// OpenCASCADE (libraries libTK...) keeps tables until the process ends and does not free all of
// them. LeakSanitizer asks a program by this name what is not its own.

extern "C" const char* __lsan_default_suppressions();   // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:libTK\n";
}

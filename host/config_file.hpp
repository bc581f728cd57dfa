// SPDX-License-Identifier: GPL-3.0-or-later
// config_file.hpp - a TOML file read strictly: every key is known, every value is checked.
//
// A typing error in a configuration must never silently mean a default. The reader asks for each
// value by name with its range; the first fault (a missing key, a wrong type, a value out of range,
// a key nobody asked for) is kept with file and line and comes out of finish().
//
// A ConfigTable refers into its ConfigFile, which must outlive it. Not for sharing between threads.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab {

class ConfigFile;

class ConfigTable {
public:
    // Without a default the key is required. After a fault the getters give harmless values;
    // nothing of them may be used before finish() has said that all is well.
    std::string text(std::string_view key, std::optional<std::string> by_default = std::nullopt);
    double number(std::string_view key,
                  double min,
                  double max,
                  std::optional<double> by_default = std::nullopt);
    std::int64_t whole(std::string_view key,
                       std::int64_t min,
                       std::int64_t max,
                       std::optional<std::int64_t> by_default = std::nullopt);
    bool flag(std::string_view key, std::optional<bool> by_default = std::nullopt);
    std::vector<std::string> texts(std::string_view key,
                                   std::optional<std::vector<std::string>> by_default);
    // Exactly `count` numbers, each within the range.
    std::vector<double> numbers(std::string_view key, std::size_t count, double min, double max);
    // One of these words; the error lists them.
    std::string word(std::string_view key,
                     const std::vector<std::string>& allowed,
                     std::optional<std::string> by_default = std::nullopt);

    [[nodiscard]] bool has(std::string_view key) const;
    // [key]; an empty table when it is not there.
    ConfigTable table(std::string_view key);
    // [[key]] or key = [{...}], in the order of the file.
    std::vector<ConfigTable> tables(std::string_view key);

    // For checks that only the reader can make: the fault is put at this key's line.
    void complain(std::string_view key, std::string message, std::string next);

private:
    friend class ConfigFile;
    struct Node;
    ConfigTable(ConfigFile& file, Node* node) : file_{&file}, node_{node} {}
    Node* ask(std::string_view key, bool required);
    void wrong_type(const Node& node, std::string_view key, std::string_view expected);

    ConfigFile* file_;
    Node* node_;
};

class ConfigFile {
public:
    // Errors: config with file:line:column for text that is no TOML; not_found and storage.
    [[nodiscard]] static Result<ConfigFile> load(const std::filesystem::path& path);
    [[nodiscard]] static Result<ConfigFile> parse(std::string_view text, std::string file_name);
    ~ConfigFile();
    ConfigFile(ConfigFile&&) noexcept;
    ConfigFile& operator=(ConfigFile&&) noexcept;

    [[nodiscard]] ConfigTable root();
    // The first fault, or a key that was never asked for ("did you mean ..."), or success.
    [[nodiscard]] Status finish();

    // A path in the file is relative to the file's own folder.
    [[nodiscard]] std::filesystem::path resolve(const std::string& path) const;

private:
    friend class ConfigTable;
    explicit ConfigFile(std::string name);
    void fault(std::uint32_t line, std::string message, std::string next);

    std::string name_;
    std::unique_ptr<ConfigTable::Node> root_;
    std::optional<Error> fault_;
};

}  // namespace nearfab

// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/config_file.hpp"

#include "base/spelling.hpp"
#include "host/durable_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <variant>

namespace nearfab {
namespace {

constexpr std::uint64_t config_bytes_max = 1U << 20U;

}  // namespace

// What toml++ read, in a form that remembers what was asked for.
struct ConfigTable::Node {
    using Table = std::map<std::string, Node, std::less<>>;
    using Array = std::vector<Node>;
    std::variant<std::monostate, std::string, double, std::int64_t, bool, Array, Table> value;
    std::uint32_t line = 0;
    bool used = false;
    std::vector<std::string> asked;  // Keys that this table is known to have.

    static Node from(const toml::node& source) {
        Node node;
        node.line = source.source().begin.line;
        if (const auto* text = source.as_string()) {
            node.value = text->get();
        } else if (const auto* whole = source.as_integer()) {
            node.value = whole->get();
        } else if (const auto* number = source.as_floating_point()) {
            node.value = number->get();
        } else if (const auto* flag = source.as_boolean()) {
            node.value = flag->get();
        } else if (const auto* array = source.as_array()) {
            Array items;
            for (const auto& item : *array)
                items.push_back(from(item));
            node.value = std::move(items);
        } else if (const auto* table = source.as_table()) {
            Table entries;
            for (const auto& [key, item] : *table) {
                entries.emplace(std::string{key.str()}, from(item));
            }
            node.value = std::move(entries);
        }
        return node;
    }

    [[nodiscard]] Table* table() { return std::get_if<Table>(&value); }
};

ConfigTable::Node* ConfigTable::ask(std::string_view key, bool required) {
    if (node_ == nullptr) return nullptr;
    node_->asked.emplace_back(key);
    Node::Table& entries = *node_->table();
    const auto found = entries.find(key);
    if (found != entries.end()) {
        found->second.used = true;
        return &found->second;
    }
    if (required) {
        file_->fault(node_->line,
                     fmt::format("the setting \"{}\" is missing", key),
                     fmt::format("add a line: {} = ...", key));
    }
    return nullptr;
}

void ConfigTable::wrong_type(const Node& node, std::string_view key, std::string_view expected) {
    file_->fault(node.line, fmt::format("\"{}\" must be {}", key, expected), "correct the value");
}

void ConfigTable::complain(std::string_view key, std::string message, std::string next) {
    std::uint32_t line = node_ == nullptr ? 0 : node_->line;
    if (node_ != nullptr) {
        const auto found = node_->table()->find(key);
        if (found != node_->table()->end()) line = found->second.line;
    }
    file_->fault(line, std::move(message), std::move(next));
}

bool ConfigTable::has(std::string_view key) const {
    return node_ != nullptr && node_->table()->contains(key);
}

std::string ConfigTable::text(std::string_view key, std::optional<std::string> by_default) {
    const Node* node = ask(key, !by_default);
    if (node == nullptr) return by_default.value_or("");
    if (const auto* text = std::get_if<std::string>(&node->value)) return *text;
    wrong_type(*node, key, "a text in quotes");
    return {};
}

double ConfigTable::number(std::string_view key,
                           double min,
                           double max,
                           std::optional<double> by_default) {
    const Node* node = ask(key, !by_default);
    if (node == nullptr) return by_default.value_or(min);
    double value = min;
    if (const auto* real = std::get_if<double>(&node->value)) {
        value = *real;
    } else if (const auto* whole = std::get_if<std::int64_t>(&node->value)) {
        value = static_cast<double>(*whole);
    } else {
        wrong_type(*node, key, "a number");
        return min;
    }
    if (value >= min && value <= max) return value;  // Not a number fails both.
    file_->fault(node->line,
                 fmt::format("\"{}\" is {}, it must be within {} to {}", key, value, min, max),
                 "correct the value");
    return min;
}

std::int64_t ConfigTable::whole(std::string_view key,
                                std::int64_t min,
                                std::int64_t max,
                                std::optional<std::int64_t> by_default) {
    const Node* node = ask(key, !by_default);
    if (node == nullptr) return by_default.value_or(min);
    const auto* value = std::get_if<std::int64_t>(&node->value);
    if (value == nullptr) {
        wrong_type(*node, key, "a whole number");
        return min;
    }
    if (*value >= min && *value <= max) return *value;
    file_->fault(node->line,
                 fmt::format("\"{}\" is {}, it must be within {} to {}", key, *value, min, max),
                 "correct the value");
    return min;
}

bool ConfigTable::flag(std::string_view key, std::optional<bool> by_default) {
    const Node* node = ask(key, !by_default);
    if (node == nullptr) return by_default.value_or(false);
    if (const auto* value = std::get_if<bool>(&node->value)) return *value;
    wrong_type(*node, key, "true or false");
    return false;
}

std::vector<std::string> ConfigTable::texts(std::string_view key,
                                            std::optional<std::vector<std::string>> by_default) {
    const Node* node = ask(key, !by_default);
    if (node == nullptr) return by_default.value_or(std::vector<std::string>{});
    std::vector<std::string> list;
    const auto* items = std::get_if<Node::Array>(&node->value);
    if (items != nullptr) {
        for (const Node& item : *items) {
            const auto* text = std::get_if<std::string>(&item.value);
            if (text == nullptr) break;
            list.push_back(*text);
        }
    }
    if (items == nullptr || list.size() != items->size()) {
        wrong_type(*node, key, "a list of texts, such as [\"a\", \"b\"]");
        return {};
    }
    return list;
}

std::vector<double> ConfigTable::numbers(std::string_view key,
                                         std::size_t count,
                                         double min,
                                         double max) {
    std::vector<double> list;
    const Node* node = ask(key, true);
    if (node != nullptr) {
        if (const auto* items = std::get_if<Node::Array>(&node->value)) {
            for (const Node& item : *items) {
                double value = 0;
                if (const auto* real = std::get_if<double>(&item.value)) {
                    value = *real;
                } else if (const auto* whole = std::get_if<std::int64_t>(&item.value)) {
                    value = static_cast<double>(*whole);
                } else {
                    break;
                }
                if (!(value >= min && value <= max)) break;
                list.push_back(value);
            }
            if (list.size() == count && items->size() == count) return list;
        }
        wrong_type(*node,
                   key,
                   fmt::format("{} numbers within {} to {}, such as [{}]",
                               count,
                               min,
                               max,
                               count == 2 ? "45.76, 4.83" : "180, 180, 180"));
    }
    list.assign(count, min);
    return list;
}

std::string ConfigTable::word(std::string_view key,
                              const std::vector<std::string>& allowed,
                              std::optional<std::string> by_default) {
    std::string value = text(key, std::move(by_default));
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
        complain(
            key,
            fmt::format(
                "\"{}\" is \"{}\", it must be one of: {}", key, value, fmt::join(allowed, ", ")),
            "correct the value");
    }
    return value;
}

ConfigTable ConfigTable::table(std::string_view key) {
    Node* node = ask(key, false);
    if (node != nullptr && node->table() == nullptr) {
        wrong_type(*node, key, fmt::format("a table: [{}]", key));
        node = nullptr;
    }
    return {*file_, node};
}

std::vector<ConfigTable> ConfigTable::tables(std::string_view key) {
    std::vector<ConfigTable> list;
    Node* node = ask(key, false);
    if (node == nullptr) return list;
    auto* items = std::get_if<Node::Array>(&node->value);
    if (items == nullptr) {
        wrong_type(*node, key, fmt::format("a list of tables: [[{}]]", key));
        return list;
    }
    for (Node& item : *items) {
        if (item.table() == nullptr) {
            wrong_type(item, key, fmt::format("a list of tables: [[{}]]", key));
            return list;
        }
        item.used = true;
        list.push_back({*file_, &item});
    }
    return list;
}

ConfigFile::ConfigFile(std::string name) : name_{std::move(name)} {}
ConfigFile::~ConfigFile() = default;
ConfigFile::ConfigFile(ConfigFile&&) noexcept = default;
ConfigFile& ConfigFile::operator=(ConfigFile&&) noexcept = default;

Result<ConfigFile> ConfigFile::load(const std::filesystem::path& path) {
    const auto bytes = read_file(path, config_bytes_max);
    if (!bytes) return fail(bytes.error());
    return parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, path.string());
}

Result<ConfigFile> ConfigFile::parse(std::string_view text, std::string file_name) {
    ConfigFile file{std::move(file_name)};
    try {
        const toml::table table = toml::parse(text);
        file.root_ = std::make_unique<ConfigTable::Node>(ConfigTable::Node::from(table));
        file.root_->line = 1;
    } catch (const toml::parse_error& problem) {
        return fail(ErrorCode::config,
                    fmt::format("{}:{}:{}: {}",
                                file.name_,
                                problem.source().begin.line,
                                problem.source().begin.column,
                                problem.description()),
                    "the file is TOML: see https://toml.io");
    }
    return file;
}

ConfigTable ConfigFile::root() {
    return {*this, root_.get()};
}

void ConfigFile::fault(std::uint32_t line, std::string message, std::string next) {
    if (fault_) return;
    fault_ =
        Error{ErrorCode::config, fmt::format("{}:{}: {}", name_, line, message), std::move(next)};
}

std::filesystem::path ConfigFile::resolve(const std::string& path) const {
    return std::filesystem::absolute(std::filesystem::path{name_}.parent_path() / path)
        .lexically_normal();
}

Status ConfigFile::finish() {
    // Keys nobody asked for, depth first in the order of the file's names.
    const auto look = [this](const auto& self, const ConfigTable::Node& node) -> void {
        if (const auto* entries = std::get_if<ConfigTable::Node::Table>(&node.value)) {
            for (const auto& [key, item] : *entries) {
                if (!item.used) {
                    const auto meant = nearest_word(key, node.asked);
                    std::string next =
                        meant ? fmt::format("did you mean \"{}\"?", *meant) : "remove it";
                    fault(item.line,
                          fmt::format("the setting \"{}\" is not known here", key),
                          std::move(next));
                    return;
                }
                self(self, item);
            }
        } else if (const auto* items = std::get_if<ConfigTable::Node::Array>(&node.value)) {
            for (const auto& item : *items)
                self(self, item);
        }
    };
    // A misspelt key usually shows as a missing one first; the misspelling says more.
    std::optional<Error> first = std::exchange(fault_, std::nullopt);
    look(look, *root_);
    if (!fault_ || (first && !first->message.ends_with("is missing"))) {
        if (first) fault_ = std::move(first);
    }
    if (fault_) return fail(*fault_);
    return {};
}

}  // namespace nearfab

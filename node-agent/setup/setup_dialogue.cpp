// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/setup/setup_dialogue.hpp"

#include "proto/model/material.hpp"
#include "proto/model/place.hpp"
#include "proto/model/text.hpp"
#include "wire/keys.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <sstream>

namespace nearfab::agent {
namespace {

constexpr double envelope_mm_max = 10'000;

// The person has gone away; unwinds the questions.
struct InputEnded {};

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return std::string{text.substr(first, text.find_last_not_of(" \t\r") - first + 1)};
}

std::optional<double> number_in(std::string_view text, double least, double most) {
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (!(value >= least && value <= most)) return std::nullopt;
    return value;
}

std::vector<std::string> parts_of(std::string text, char between) {
    std::vector<std::string> parts;
    std::istringstream stream{std::move(text)};
    for (std::string part; std::getline(stream, part, between);)
        parts.push_back(trimmed(part));
    return parts;
}

// "Voron 2.4 (left)" -> "voron-2.4-left"
std::string id_from(const std::string& name) {
    std::string id;
    for (const char c : name) {
        const auto lower = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        const bool plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (plain || (lower == '.' && !id.empty())) {
            id += lower;
        } else if (!id.empty() && id.back() != '-') {
            id += '-';
        }
    }
    while (!id.empty() && (id.back() == '-' || id.back() == '.'))
        id.pop_back();
    return id.substr(0, 32);
}

std::string size_text(const std::array<double, 3>& size) {
    return fmt::format("{:g} x {:g} x {:g} mm", size[0], size[1], size[2]);
}

bool is_web(const std::string& kind) {
    return kind == "octoprint" || kind == "moonraker" || kind == "prusalink";
}

class Dialogue {
public:
    explicit Dialogue(const SetupWorld& world) : world_{world} {}

    FabPlan run() {
        say("A question shows what Enter means in [brackets]. Nothing is written before the "
            "end.\n\n");
        plan_.title = ask_checked("Name of your fab", "", [](const std::string& text) {
            if (text.empty()) return std::string{"it needs a name"};
            return text_fault(text, TextKind::line);
        });
        ask_place();
        ask_router();
        add_found();
        add_by_hand();
        return std::move(plan_);
    }

private:
    // What machines and servers say of themselves may hold anything.
    void say(const std::string& text) { world_.say(clean_text(text, TextKind::text, 4000)); }

    std::string ask(const std::string& question, const std::string& otherwise) {
        const std::string hint = otherwise.empty() ? ": " : " [" + otherwise + "]: ";
        const auto line = world_.ask(question + hint);
        if (!line) throw InputEnded{};
        std::string text = trimmed(*line);
        return text.empty() ? otherwise : text;
    }

    // Until `fault` finds nothing.
    template <class Fault>
    std::string ask_checked(const std::string& question,
                            const std::string& otherwise,
                            const Fault& fault) {
        for (;;) {
            std::string text = ask(question, otherwise);
            const std::string why = fault(text);
            if (why.empty()) return text;
            say("  ! " + why + "\n");
        }
    }

    bool yes(const std::string& question, bool otherwise) {
        const std::string text = ask_checked(
            question, otherwise ? "Y" : "N", [](const std::string& word) -> std::string {
                const char c = word.empty() ? '?' : static_cast<char>(std::tolower(word[0]));
                return c == 'y' || c == 'n' ? "" : "answer y or n";
            });
        return text[0] == 'y' || text[0] == 'Y';
    }

    std::string choose(const std::string& question,
                       const std::vector<std::string>& words,
                       const std::string& otherwise) {
        return ask_checked(question + " (" + fmt::format("{}", fmt::join(words, ", ")) + ")",
                           otherwise,
                           [&words](const std::string& word) -> std::string {
                               if (std::find(words.begin(), words.end(), word) != words.end())
                                   return "";
                               return "\"" + word + "\" is none of them";
                           });
    }

    double number(const std::string& question, double otherwise, double least, double most) {
        const std::string text = ask_checked(
            question, fmt::format("{:g}", otherwise), [&](const std::string& word) -> std::string {
                if (number_in(word, least, most)) return "";
                return fmt::format("\"{}\" is no number from {:g} to {:g}", word, least, most);
            });
        return *number_in(text, least, most);
    }

    void ask_place() {
        std::string place;
        (void)ask_checked("Its place, latitude,longitude, as exact as all may know",
                          "",
                          [&place](const std::string& text) {
                              const auto parsed = parse_place(text);
                              if (!parsed) return parsed.error().message;
                              place = to_string(*parsed);
                              return std::string{};
                          });
        plan_.place = place;
    }

    void ask_router() {
        plan_.router_endpoint = ask_checked(
            "Address of the router, tcp://HOST:PORT; empty if you do not know it yet",
            "",
            [](const std::string& text) -> std::string {
                if (text.empty() || (text.starts_with("tcp://") && text.rfind(':') > 6)) return "";
                return "\"" + text + "\" is no address like tcp://router.example.org:7440";
            });
        if (plan_.router_endpoint.empty()) return;
        plan_.router_key = ask_checked("Public key of the router, 40 characters; empty if unknown",
                                       "",
                                       [](const std::string& text) -> std::string {
                                           if (text.empty() || wire::is_well_formed_key(text))
                                               return "";
                                           return "that is no key of 40 characters";
                                       });
    }

    void add_found() {
        say("\nLooking for machines in the network and on serial ports ...\n");
        const std::vector<FoundMachine> found = world_.find();
        if (found.empty()) say("None announces itself.\n");
        for (const FoundMachine& machine : found) {
            if (!text_fault(machine.place, TextKind::line).empty()) continue;
            const std::string name = clean_text(machine.name, TextKind::line, 80);
            if (!yes("\nUse \"" + name + "\" (" + machine.kind + ", " + machine.place + ")?", true))
                continue;
            std::string kind = machine.kind;
            if (kind == "serial") kind = choose("What is it?", {"marlin", "grbl", "none"}, "none");
            if (kind != "none") add(kind, machine.place, name);
        }
    }

    void add_by_hand() {
        while (plan_.machines.empty() || yes("\nAnother machine?", false)) {
            if (plan_.machines.empty()) say("\nA fab needs one machine at least.\n");
            const std::string kind =
                choose("Which kind?",
                       {"octoprint", "moonraker", "prusalink", "marlin", "grbl", "hand_off"},
                       "");
            add(kind, ask_new_place(kind), "");
        }
    }

    std::string ask_new_place(const std::string& kind) {
        const std::string question = is_web(kind) ? "Its address, http://HOST or http://HOST:PORT"
                                     : kind == "hand_off"
                                         ? "A folder for its files, from which a person runs them"
                                         : "Its port, /dev/serial/by-id/NAME or tcp://HOST:PORT";
        return ask_checked(question, "", [&](const std::string& text) -> std::string {
            if (text.empty()) return "it needs one";
            const bool web = text.starts_with("http://") || text.starts_with("https://");
            if (is_web(kind) && !web) return "write it with http:// or https://";
            const bool taken = std::any_of(plan_.machines.begin(),
                                           plan_.machines.end(),
                                           [&](const auto& other) { return other.place == text; });
            return taken ? "another machine has it" : "";
        });
    }

    void add(const std::string& kind, const std::string& place, const std::string& name) {
        PlannedMachine machine;
        machine.kind = kind;
        machine.place = place;
        machine.process =
            kind == "grbl" || kind == "hand_off"
                ? choose("What does it do?",
                         kind == "grbl" ? std::vector<std::string>{"laser_cut", "cnc_mill"}
                                        : std::vector<std::string>{"fdm", "laser_cut", "cnc_mill"},
                         "laser_cut")
                : "fdm";
        ask_key(machine);
        const auto identity = identify(machine);
        if (!identity) return;
        if (kind == "hand_off") {
            machine.model =
                clean_text(ask("Make and model, for designers to see", "by hand"), TextKind::line);
        } else {
            machine.model =
                clean_text(identity->model.empty() ? name : identity->model, TextKind::line);
        }
        machine.firmware = clean_text(identity->firmware, TextKind::line);
        ask_id(machine, name.empty() ? machine.model : name);
        ask_size(machine, *identity);
        ask_materials(machine);
        machine.profile =
            ask(machine.process == "fdm"
                    ? "Its slicer profile, exported from PrusaSlicer; empty if there is none yet"
                    : "Its profile, like examples/profiles/laser.toml; empty if there is none yet",
                "");
        if (kind == "grbl") {
            machine.presence_code = world_.presence_code();
            say("  Write \"" + machine.presence_code +
                "\" on a card at the machine: who confirms to be there types it.\n");
        }
        plan_.machines.push_back(std::move(machine));
    }

    void ask_key(PlannedMachine& machine) {
        if (machine.kind == "octoprint") {
            ask_octoprint_key(machine);
        } else if (machine.kind == "prusalink") {
            machine.user = ask("User of PrusaLink; \"key\" if it has an API key", "maker");
            if (machine.user == "key") machine.user.clear();
            machine.key = secret(machine.user.empty() ? "Its API key" : "Its password");
        }
    }

    void ask_octoprint_key(PlannedMachine& machine) {
        const auto key = world_.application_key(machine.place, [&] {
            say("  Now allow \"nearfab\" on OctoPrint's page (" + machine.place +
                "), as a user who may upload, download and print. Waiting ...\n");
        });
        if (key) {
            say("  It gave a key.\n");
            machine.key = *key;
            return;
        }
        say("  ! " + key.error().message + "\n");
        machine.key = secret("An application key of OctoPrint (Settings > Application Keys)");
    }

    std::string secret(const std::string& question) {
        const auto line = world_.ask_secret(question + ": ");
        if (!line) throw InputEnded{};
        return trimmed(*line);
    }

    // Nothing: the person does not want it.
    std::optional<MachineIdentity> identify(PlannedMachine& machine) {
        for (;;) {
            auto identity = world_.identify(machine);
            if (identity) {
                if (!identity->firmware.empty())
                    say("  It is " + clean_text(identity->firmware, TextKind::line) + ".\n");
                for (const std::string& remark : identity->remarks)
                    say("  - " + remark + "\n");
                return std::move(*identity);
            }
            const Error& error = identity.error();
            say("  ! " + error.message + (error.next.empty() ? "" : "; " + error.next) + "\n");
            const bool key = error.code == ErrorCode::unauthorised;
            const std::string what =
                choose("What now?",
                       key ? std::vector<std::string>{"key", "again", "skip", "keep"}
                           : std::vector<std::string>{"again", "skip", "keep"},
                       key ? "key" : "skip");
            if (what == "skip") return std::nullopt;
            if (what == "keep") return MachineIdentity{};
            if (what == "key") machine.key = secret("Its key");
        }
    }

    void ask_id(PlannedMachine& machine, const std::string& name) {
        const auto taken = [this](const std::string& id) {
            return std::any_of(plan_.machines.begin(),
                               plan_.machines.end(),
                               [&](const PlannedMachine& other) { return other.id == id; });
        };
        std::string proposal = id_from(name);
        if (proposal.empty()) proposal = machine.kind;
        const std::string base = proposal;
        for (int n = 2; taken(proposal); ++n)
            proposal = base + "-" + std::to_string(n);
        machine.id = ask_checked(
            "Its short name in nearfab", proposal, [&](const std::string& id) -> std::string {
                if (!is_well_formed_id(id)) return "use letters, digits, '.', '-' and '_'";
                return taken(id) ? "another machine is called that" : "";
            });
    }

    void ask_size(PlannedMachine& machine, const MachineIdentity& identity) {
        const auto size_in = [](const std::string& text) -> std::optional<std::array<double, 3>> {
            const auto parts = parts_of(text, ',');
            if (parts.size() != 3) return std::nullopt;
            std::array<double, 3> size{};
            for (std::size_t axis = 0; axis < 3; ++axis) {
                const auto value = number_in(parts[axis], 1, envelope_mm_max);
                if (!value) return std::nullopt;
                size[axis] = *value;
            }
            return size;
        };
        std::string told;
        if (identity.envelope_mm) {
            const auto& size = *identity.envelope_mm;
            told = fmt::format("{:g},{:g},{:g}", size[0], size[1], size[2]);
            say("  It says that it holds " + size_text(size) + ".\n");
        }
        const std::string text = ask_checked(
            "Largest part it can make, X,Y,Z in mm", told, [&](const std::string& word) {
                return size_in(word) ? std::string{} : "write three numbers, like 220,220,250";
            });
        machine.envelope_mm = *size_in(text);
        const double usual = machine.process == "fdm"         ? 0.4
                             : machine.process == "laser_cut" ? 0.3
                                                              : 1;
        machine.min_feature_mm =
            number(machine.process == "fdm" ? "Nozzle, mm" : "Finest feature, mm",
                   identity.nozzle_mm.value_or(usual),
                   0.001,
                   100);
    }

    void ask_materials(PlannedMachine& machine) {
        const auto read = [](const std::string& text, PlannedMachine* to) -> std::string {
            std::set<std::string> seen;
            for (const std::string& part : parts_of(text, ',')) {
                const auto halves = parts_of(part, '=');
                const auto known = find_material(halves.empty() ? "" : halves[0]);
                if (!known) {
                    const auto like = material_like(halves.empty() ? "" : halves[0]);
                    return "nobody knows the material of \"" + part + "\"" +
                           (like ? "; is it " + std::string{*like} + "?"
                                 : "; known are " + known_material_ids());
                }
                const auto grams = halves.size() == 2 ? number_in(halves[1], 0, 1e6) : std::nullopt;
                if (!grams) return "write grams behind it: " + std::string{known->id} + "=800";
                const std::string id{known->id};
                if (!seen.insert(id).second) return id + " stands there twice";
                if (to != nullptr) to->loaded.push_back({id, *grams});
            }
            return seen.empty() ? "it needs one material at least" : "";
        };
        const std::string text = ask_checked(
            "What is loaded, with grams, like pla=800,petg=250", "", [&](const std::string& word) {
                return read(word, nullptr);
            });
        (void)read(text, &machine);
    }

    const SetupWorld& world_;
    FabPlan plan_;
};

}  // namespace

Result<FabPlan> plan_fab(const SetupWorld& world) {
    try {
        return Dialogue{world}.run();
    } catch (const InputEnded&) {
        return fail(ErrorCode::invalid_argument,
                    "the questions were not answered to the end, and nothing was written",
                    "run it in a terminal, or write the file by hand after node-agent/README.md");
    }
}

}  // namespace nearfab::agent

// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command_line.hpp"

#include "base/spelling.hpp"
#include "cli/typed_numbers.hpp"
#include "terminal/quantity_text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace nearfab::cli {
namespace {

// A verb fills its command when it is chosen; the choice is the last thing CLI11 tells us.
struct Parse {
    GlobalOptions global;
    std::optional<std::string> fab;  // Of the verbs of `fab`.
    std::optional<Command> command;
};

template <typename T>
std::shared_ptr<T> fills(CLI::App& verb, Parse& parse) {
    auto command = std::make_shared<T>();
    verb.callback([command, &parse] { parse.command = *command; });
    return command;
}

void add_unit(CLI::App& verb, LengthUnit& unit) {
    verb.add_option_function<std::string>(
            "--unit",
            [&unit](const std::string& word) { unit = *find_length_unit(word); },
            "Of a file that does not say it: mm, cm, m, in, ft, um, px, px90, pt")
        ->type_name("UNIT")
        ->check([](const std::string& word) {
            if (find_length_unit(word)) return std::string{};
            return said(in_quotes(word) + " is no known unit of length",
                        "use one of " + std::string{known_length_units()});
        });
}

void add_operations(CLI::App& verb, LineRules& operations) {
    verb.add_option_function<std::vector<std::string>>(
            "--operation",
            [&operations](const std::vector<std::string>& said) {
                for (const std::string& text : said)
                    operations.push_back(*read_line_rule(text));
            },
            "What is done along lines of a drawing: red=cut, layer:Fold=score (cut, score, "
            "engrave, "
            "ignore); may be repeated")
        ->type_name("LINES=WHAT")
        ->take_all()
        ->allow_extra_args(false)
        ->check([](const std::string& text) {
            const auto rule = read_line_rule(text);
            return rule ? std::string{} : said(rule.error().message, rule.error().next);
        });
}

void add_thickness(CLI::App& verb, std::optional<double>& thickness_mm) {
    verb.add_option("--thickness", thickness_mm, "Of the sheet for a drawing, mm")
        ->type_name("MM")
        ->check([](const std::string& text) { return no_number(text, "--thickness 3"); });
}

void add_global_options(CLI::App& app, GlobalOptions& global) {
    app.add_option("--router", global.router, "Router to talk to, tcp://host:port")
        ->type_name("ENDPOINT");
    app.add_option("--router-key", global.router_key, "The router's public key, or a file with it")
        ->type_name("KEY");
    app.add_option("--key-file", global.key_file, "Your own key file")->type_name("FILE");
    app.add_option("--timeout-connect",
                   global.timeout_connect,
                   "How long to wait for the router to answer (10s)")
        ->type_name("DURATION");
    app.add_option("--config", global.config, "Settings file to read instead of the usual one")
        ->type_name("FILE");
    app.add_flag("--json", global.json, "Print the result as JSON");
    app.add_flag("--quiet,-q", global.quiet, "No progress and no remarks on stderr");
    app.add_flag("--no-color,--no-colour", global.no_colour, "No colours");
}

void add_part_wishes(CLI::App& verb, PartWishes& wishes) {
    add_unit(verb, wishes.unit);
    add_operations(verb, wishes.operations);
    verb.add_option("--material,-m", wishes.material, "Material (default: the manifest's)")
        ->type_name("M");
    verb.add_option("--process",
                    wishes.process,
                    "Process (default: the manifest's, else fdm, laser_cut for a drawing)")
        ->type_name("P");
    verb.add_option("--quantity,-n", wishes.quantity, "How many of each (1)")
        ->type_name("N")
        ->check([](const std::string& text) {
            return no_whole_number(text, "give the number of pieces, for example --quantity 3");
        });
    verb.add_option("--min-feature",
                    wishes.min_feature_mm,
                    "Smallest detail that matters, mm (default: the finest that is measured)")
        ->type_name("MM")
        ->check([](const std::string& text) { return no_number(text, "--min-feature 0.8"); });
    verb.add_option("--tolerance", wishes.tolerance_mm, "Largest deviation allowed, mm")
        ->type_name("MM")
        ->check([](const std::string& text) { return no_number(text, "--tolerance 0.2"); });
    add_thickness(verb, wishes.thickness_mm);
}

void add_wishes(CLI::App& verb, JobWishes& wishes) {
    verb.add_option("FILE",
                    wishes.files,
                    "The parts: solids (STL, 3MF, OBJ, OFF), drawings (DXF, SVG); or a job file "
                    "(TOML) that says for each part how it is to be made")
        ->required();
    verb.add_option(
            "--at", wishes.at, "Where it will be used: LAT,LON or a name of your places (needed)")
        ->type_name("PLACE");
    add_part_wishes(verb, wishes.every_part);
    verb.add_option("--prefer,--objective",
                    wishes.prefer,
                    "nearest, soonest, cheapest or greenest (nearest)")
        ->type_name("O");
    verb.add_option("--currency",
                    wishes.currency,
                    "In which cheapest compares prices; prices in others are shown, not compared")
        ->type_name("C");
    verb.add_option("--carbon-price",
                    wishes.carbon_price,
                    "What cheapest adds for a kg of CO2e, in that currency (0)")
        ->type_name("MONEY")
        ->check([](const std::string& text) {
            return no_quantity(text, "amount of money", "--carbon-price 0.19");
        });
    verb.add_option("--licence,--license",
                    wishes.licence,
                    "Licence of the design, SPDX (default: from okh.toml or LICENSE)")
        ->type_name("L");
    verb.add_option("--manifest", wishes.manifest, "Use this okh.toml")->type_name("FILE");
    verb.add_option("--title", wishes.title, "Name of the job (default: the design's name)")
        ->type_name("T");
    verb.add_option("--deadline", wishes.deadline, "2026-12-24T18:00:00Z, or +48h from now")
        ->type_name("WHEN");
}

void add_follow_options(CLI::App& verb, FollowOptions& follow) {
    verb.add_option("--timeout", follow.timeout, "Stop watching after this long (exit code 8)")
        ->type_name("DURATION");
    verb.add_flag("--no-wait-for-fabs",
                  follow.no_wait_for_fabs,
                  "Stop watching when no fab can make it now (exit code 3)");
}

void add_design_verbs(CLI::App& app, Parse& parse) {
    CLI::App& check = *app.add_subcommand("check", "Look at design files, on this machine only");
    const auto checked = fills<CheckCommand>(check, parse);
    check
        .add_option(
            "FILE", checked->files, "Solids (STL, 3MF, OBJ, OFF, STEP), flat drawings (DXF, SVG)")
        ->required();
    add_unit(check, checked->unit);
    add_operations(check, checked->operations);
    add_thickness(check, checked->thickness_mm);
    check.add_option("--bed", checked->bed, "Would it fit a machine of this size, mm")
        ->type_name("XxYxZ");
    check
        .add_option("--process",
                    checked->processes,
                    "Judge for this process only, and reject what it cannot make; may be repeated")
        ->type_name("PROCESS")
        ->take_all()
        ->allow_extra_args(false);
    check
        .add_option("--limits",
                    checked->limits,
                    "Limits of a machine that replace the typical ones, line by line")
        ->type_name("CSV");
    check
        .add_option(
            "--picture", checked->picture, "Draw the part or drawing with what was found marked")
        ->type_name("PNG");
    check
        .add_option("--step-linear",
                    checked->deflection.linear_mm,
                    "STEP: how far triangles may stay away from the surface, 0.001 to 10 (0.01)")
        ->type_name("MM")
        ->check([](const std::string& text) { return no_number(text, "--step-linear 0.05"); })
        ->each([checked](const std::string&) { checked->deflection_said = true; });
    check
        .add_option("--step-angular",
                    checked->deflection.angular_deg,
                    "STEP: how much the surface may turn within a triangle, 1 to 90 degrees (10)")
        ->type_name("DEG")
        ->check([](const std::string& text) { return no_angle(text); })
        ->each([checked](const std::string&) { checked->deflection_said = true; });

    CLI::App& quote = *app.add_subcommand("quote", "Who could make it, who not and why");
    add_wishes(quote, fills<QuoteCommand>(quote, parse)->wishes);

    CLI::App& submit = *app.add_subcommand("submit", "Have it made by the nearest capable fab");
    const auto submitted = fills<SubmitCommand>(submit, parse);
    add_wishes(submit, submitted->wishes);
    submit
        .add_option("--redo-after",
                    submitted->wishes.redo_after,
                    "Make it elsewhere when a fab falls silent after starting: never, at-once, or "
                    "after this long (never)")
        ->type_name("WHEN");
    submit.add_option("--key", submitted->key, "Idempotency key of your own")->type_name("KEY");
    submit.add_flag("--new", submitted->fresh, "Submit again even if the same was just submitted");
    submit.add_flag("--yes,-y",
                    submitted->yes,
                    "Have it made as planned, without asking; needed without a terminal for a plan "
                    "with several fabs, or with pieces that are late or nowhere");
    submit.add_flag("--wait", submitted->wait, "Watch the job until it is done");
    add_follow_options(submit, submitted->follow);
}

void add_job_verbs(CLI::App& app, Parse& parse) {
    CLI::App& status = *app.add_subcommand("status", "Your jobs, or one of them");
    status.add_option("JOB", fills<StatusCommand>(status, parse)->job, "Job id or its beginning");

    CLI::App& watch = *app.add_subcommand("watch", "Follow a job until it is done");
    const auto watched = fills<WatchCommand>(watch, parse);
    watch.add_option("JOB", watched->job, "Job id or its beginning")->required();
    add_follow_options(watch, watched->follow);

    CLI::App& why = *app.add_subcommand("why", "Why here and not there");
    why.add_option("JOB", fills<WhyCommand>(why, parse)->job, "Job id or its beginning")
        ->required();

    CLI::App& cancel = *app.add_subcommand("cancel", "Cancel a job");
    const auto cancelled = fills<CancelCommand>(cancel, parse);
    cancel.add_option("JOB", cancelled->job, "Job id or its beginning")->required();
    cancel.add_option("--reason", cancelled->reason, "For the fab that has it")->type_name("TEXT");

    CLI::App& fabs = *app.add_subcommand("fabs", "The fabs of the network and their machines");
    fabs.add_option("--at", fills<FabsCommand>(fabs, parse)->at, "Sort by distance from here")
        ->type_name("PLACE");

    CLI::App& report = *app.add_subcommand(
        "report", "The network as a whole: distances, shares, what hangs on one fab, CO2e");
    report
        .add_option("--days",
                    fills<ReportCommand>(report, parse)->days,
                    "Of so many days (UTC), today among them, 1 to 366 (default: 30)")
        ->type_name("N")
        ->check([](const std::string& text) { return no_days(text); });
}

void add_setup_verbs(CLI::App& app, Parse& parse) {
    CLI::App& keygen = *app.add_subcommand("keygen", "Make a key of your own");
    const auto key = fills<KeygenCommand>(keygen, parse);
    keygen.add_option("--out", key->out, "Where to write it (default: --key-file)")
        ->type_name("FILE");
    keygen.add_option("--name", key->name, "Name to ask the router's operator for")
        ->type_name("NAME");

    CLI::App& place = *app.add_subcommand("place", "Names for your places");
    place.require_subcommand(1);
    CLI::App& add = *place.add_subcommand("add", "Name a place");
    const auto added = fills<PlaceAddCommand>(add, parse);
    add.add_option("NAME", added->name, "Its name")->required();
    add.add_option("POSITION", added->position, "LAT,LON in decimal degrees")->required();
    fills<PlaceListCommand>(*place.add_subcommand("list", "List your places"), parse);

    CLI::App& config = *app.add_subcommand("config", "Settings");
    config.require_subcommand(1);
    fills<ConfigShowCommand>(
        *config.add_subcommand("show", "Every setting and where it comes from"), parse);

    CLI::App& help = *app.add_subcommand("help", "More about nearfab");
    help.require_subcommand(0, 1);
    fills<HelpExitCodesCommand>(*help.add_subcommand("exit-codes", "What exit codes mean"), parse);
    fills<VersionCommand>(*app.add_subcommand("version", "The version of this program"), parse);
}

// One operator verb that names a work order or a machine.
class FabVerb {
public:
    FabVerb(CLI::App& fab,
            Parse& parse,
            std::string name,
            std::string help,
            message::OperatorAction action)
        : verb_{*fab.add_subcommand(std::move(name), std::move(help))},
          words_{std::make_shared<Words>()} {
        verb_.callback([words = words_, action, &parse] {
            message::OperatorCommand order;
            order.action = words->good  ? message::OperatorAction::inspect_good
                           : words->bad ? message::OperatorAction::inspect_bad
                                        : action;
            order.work_order = WorkOrderId{words->work_order};
            order.machine = MachineId{words->machine};
            order.text = words->bad.value_or(words->text);
            order.material = MaterialId{words->material};
            order.grams = words->grams;
            order.nothing_else = words->nothing_else;
            if (order.text == "never-started") order.text = "never_started";  // As on the wire.
            parse.command = FabActionCommand{.order = std::move(order)};
        });
    }
    FabVerb& work_order() {
        verb_.add_option("WORK_ORDER", words_->work_order, "Its id or beginning")->required();
        return *this;
    }
    FabVerb& machine(bool required) {
        verb_.add_option("MACHINE", words_->machine, "Its id")->required(required);
        return *this;
    }
    FabVerb& code() {
        verb_.add_option("CODE", words_->text, "What the card at the machine says")
            ->type_name("TEXT");
        return *this;
    }
    FabVerb& reason() {
        verb_.add_option("--reason", words_->text, "Why")->required()->type_name("TEXT");
        return *this;
    }
    FabVerb& judgement() {
        CLI::Option_group& group = *verb_.add_option_group("judgement");
        group.add_flag("--good", words_->good, "The part is good");
        group.add_option("--bad", words_->bad, "What is wrong with it")->type_name("TEXT");
        group.require_option(1);
        return *this;
    }
    FabVerb& outcome() {
        verb_.add_option("OUTCOME", words_->text, "made, failed or never-started")
            ->required()
            ->check([](const std::string& text) {
                if (text == "made" || text == "failed" || text == "never-started") {
                    return std::string{};
                }
                return said(in_quotes(text) + " is no outcome",
                            "use made, failed or never-started");
            });
        return *this;
    }
    FabVerb& stock() {
        verb_.add_option("MATERIAL", words_->material, "What is loaded, for example pla")
            ->required();
        verb_.add_option("GRAMS", words_->grams, "How much of it is there now; 0 for none")
            ->required()
            ->check([](const std::string& text) { return no_mass(text); });
        verb_.add_flag(
            "--nothing-else", words_->nothing_else, "Other materials are not there any more");
        return *this;
    }

private:
    struct Words {
        std::string work_order;
        std::string machine;
        std::string text;
        std::string material;
        double grams = 0;
        bool nothing_else = false;
        bool good = false;
        std::optional<std::string> bad;
    };
    CLI::App& verb_;
    std::shared_ptr<Words> words_;
};

void add_operator_verbs(CLI::App& app, Parse& parse) {
    using message::OperatorAction;
    CLI::App& fab =
        *app.add_subcommand("fab", "Run your fab: talk to its agent, on this machine or elsewhere");
    fab.require_subcommand(1);
    CLI::Option* agent =
        fab.add_option("--agent", parse.global.agent, "The agent's control socket, ipc:///path")
            ->type_name("ENDPOINT");
    fab.add_option(
           "--fab", parse.fab, "A fab elsewhere, by way of the router (needs an operator's key)")
        ->type_name("NAME")
        ->excludes(agent);
    CLI::App& status = *fab.add_subcommand("status", "Machines and work of your fab");
    status.add_flag("--watch",
                    fills<FabStatusCommand>(status, parse)->watch,
                    "A board that is drawn again when something changes, until Ctrl-C");
    FabVerb(fab, parse, "accept", "Take on a work order", OperatorAction::accept).work_order();
    FabVerb(fab, parse, "decline", "Refuse a work order", OperatorAction::decline)
        .work_order()
        .reason();
    FabVerb(fab, parse, "clear-bed", "The bed is empty and ready", OperatorAction::clear_bed)
        .machine(true);
    FabVerb(fab, parse, "inspect", "Judge a part that was made", OperatorAction::inspect_good)
        .work_order()
        .judgement();
    FabVerb(fab, parse, "hand-over", "The user has the part", OperatorAction::hand_over)
        .work_order();
    FabVerb(fab, parse, "drain", "Take no new work (one machine, or all)", OperatorAction::drain)
        .machine(false);
    FabVerb(fab,
            parse,
            "resume",
            "Take work again (one machine, or all); after a pause: continue",
            OperatorAction::resume)
        .machine(false);
    FabVerb(fab, parse, "pause", "Hold what a machine makes for us", OperatorAction::pause_machine)
        .machine(true);
    FabVerb(fab, parse, "continue", "Go on after a pause", OperatorAction::resume_machine)
        .machine(true);
    FabVerb(fab, parse, "load", "So much material is on the machine now", OperatorAction::load)
        .machine(true)
        .stock();
    FabVerb(fab, parse, "presence", "You stand at the machine now", OperatorAction::presence)
        .machine(true)
        .code();
    FabVerb(fab, parse, "resolve", "Say what came of work in doubt", OperatorAction::resolve)
        .work_order()
        .outcome();
}

void collect_names(const CLI::App& app, std::vector<std::string>& names) {
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames())
            names.push_back("--" + name);
    }
    for (const CLI::App* verb : app.get_subcommands({}))
        names.push_back(verb->get_name());
    if (app.get_parent() != nullptr) collect_names(*app.get_parent(), names);
}

// The verb, or verb of a verb, that the words got to.
const CLI::App& deepest(const CLI::App& app) {
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? app : deepest(*chosen.back());
}

std::string spaced_name(const CLI::App& app) {
    if (app.get_parent() == nullptr) return app.get_name();
    return spaced_name(*app.get_parent()) + " " + app.get_name();
}

// The option whose complaint this is; CLI11 begins its texts with its name.
const CLI::Option* blamed_option(const CLI::App& verb, const std::string& complaint) {
    const std::string name = complaint.substr(0, complaint.find_first_of(": "));
    for (const CLI::App* app = &verb; app != nullptr; app = app->get_parent()) {
        if (const CLI::Option* option = app->get_option_no_throw(name)) return option;
    }
    return nullptr;
}

// "--at PLACE", "FILE".
std::string with_value(const CLI::Option& option) {
    if (option.get_positional()) return option.get_name(true);
    return option.get_name() + " " + option.get_type_name();
}

struct Complaint {
    std::string message;
    std::string next;  // Empty: the verb's help.
};

// A word that nothing expected may be a slip of the finger.
Complaint about_words(const CLI::App& verb,
                      const std::string& fallback,
                      const std::vector<std::string>& blamed) {
    std::vector<std::string> names;
    collect_names(verb, names);
    for (const std::string& word : blamed) {
        const std::string name = word.substr(0, word.find('='));
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        if (const auto meant = nearest_word(name, names)) {
            return {in_quotes(name) + " is not known; did you mean " + in_quotes(*meant) + "?", ""};
        }
    }
    return {fallback, ""};
}

Complaint about_extra_words(const CLI::App& verb, const std::vector<std::string>& extra) {
    if (extra.empty()) return {"a word is too many", ""};
    const std::string first = in_quotes(extra.front());
    const bool is_option = extra.front().starts_with('-');
    return about_words(verb,
                       is_option ? first + " is no option of `" + spaced_name(verb) + "`"
                                 : first + " is one word too many for `" + spaced_name(verb) +
                                       "`; put a text with blanks in quotes",
                       extra);
}

// In our own words: what was given, what is expected, and an example where there is one.
Complaint complaint_of(const CLI::App& verb,
                       const CLI::ParseError& problem,
                       const std::vector<std::string>& arguments) {
    const std::string text = problem.what();
    if (dynamic_cast<const CLI::ExtrasError*>(&problem) != nullptr) {
        const CLI::App* top = &verb;
        while (top->get_parent() != nullptr)
            top = top->get_parent();
        return about_extra_words(verb, top->remaining(true));
    }
    if (text.find("subcommand") != std::string::npos) {
        return about_words(verb, "`" + spaced_name(verb) + "` needs a verb", arguments);
    }
    if (dynamic_cast<const CLI::ValidationError*>(&problem) != nullptr) {
        const auto line = text.find('\n');
        return {text.substr(0, line), line == std::string::npos ? "" : text.substr(line + 1)};
    }
    if (text.starts_with("Exactly 1 option from [--good,--bad]")) {
        return {"one of --good and --bad is needed, and not both",
                "give --good, or --bad \"what is wrong\""};
    }
    const CLI::Option* option = blamed_option(verb, text);
    if (option == nullptr) return {text, ""};
    const std::string give = "give " + with_value(*option) + ": " + option->get_description();
    const bool again = option->count() > 1;
    if (dynamic_cast<const CLI::RequiredError*>(&problem) != nullptr) {
        return {with_value(*option) + " is missing", give};
    }
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&problem) != nullptr) {
        return again ? Complaint{option->get_name() + " is given more than once", "give it once"}
                     : Complaint{option->get_name() + " has no value", give};
    }
    return {option->get_name() + ": the value cannot be read", give};
}

tl::unexpected<Error> usage_error(const CLI::App& app,
                                  const CLI::ParseError& problem,
                                  const std::vector<std::string>& arguments) {
    const CLI::App& verb = deepest(app);
    Complaint complaint = complaint_of(verb, problem, arguments);
    std::string& message = complaint.message;
    while (!message.empty() && (message.back() == '.' || message.back() == '\n'))
        message.pop_back();
    if (complaint.next.empty()) complaint.next = "run `" + spaced_name(verb) + " --help`";
    return fail(ErrorCode::invalid_argument, std::move(message), std::move(complaint.next));
}

}  // namespace

Result<std::variant<CommandLine, HelpText>> parse_command_line(
    const std::vector<std::string>& arguments) {
    CLI::App app{"Sends fabrication jobs to the nearest fab that can really make them.", "nearfab"};
    app.fallthrough();
    app.require_subcommand(1);
    app.set_version_flag("--version", "nearfab " + std::string{program_version});
    app.footer("Exit codes: nearfab help exit-codes");
    Parse parse;
    add_global_options(app, parse.global);
    add_design_verbs(app, parse);
    add_job_verbs(app, parse);
    add_operator_verbs(app, parse);
    add_setup_verbs(app, parse);
    std::vector<std::string> reversed{arguments.rbegin(), arguments.rend()};  // As CLI11 wants it.
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
        const CLI::App& verb = deepest(app);
        const CLI::App* parent = verb.get_parent();
        return HelpText{verb.help(parent == nullptr ? "" : spaced_name(*parent))};
    } catch (const CLI::CallForAllHelp&) {
        return HelpText{app.help("", CLI::AppFormatMode::All)};
    } catch (const CLI::CallForVersion& version) {
        return HelpText{std::string{version.what()} + "\n"};
    } catch (const CLI::ParseError& problem) {
        return usage_error(app, problem, arguments);
    }
    if (!parse.command && app.got_subcommand("help")) return parse_command_line({"--help"});
    if (!parse.command) {
        return fail(ErrorCode::invalid_argument, "no verb is given", "run `nearfab --help`");
    }
    // It may stand behind the verb that it is for.
    std::visit(
        [&](auto& command) {
            if constexpr (requires { command.fab; }) command.fab = parse.fab;
        },
        *parse.command);
    return CommandLine{std::move(parse.global), std::move(*parse.command)};
}

}  // namespace nearfab::cli

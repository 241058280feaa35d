%% Plays the random machines of MachinesDifferentialTest on gen_statem and logs what came when.
%%
%%   erl -noinput -run machines main PROGRAMS LOG
%%
%% PROGRAMS has one term {Enters, Reactions, Events} a machine; LOG gets one line each. Timeouts are
%% zero or so long that they never come.
-module(machines).
-behaviour(gen_statem).
-export([main/1, init/1, callback_mode/0, handle_event/4, terminate/3]).

main([Programs, Log]) ->
    logger:set_primary_config(level, none),
    {ok, All} = file:consult(Programs),
    {ok, Out} = file:open(Log, [write, raw, delayed_write]),
    [ok = file:write(Out, [play(Program), "\n"]) || Program <- All],
    ok = file:close(Out),
    halt(0).

play({Enters, Reactions, Events}) ->
    Enter = maps:from_list(Enters),
    React = maps:from_list([{{Label, State}, {Step, Actions}}
                            || {Label, State, Step, Actions} <- Reactions]),
    {ok, Pid} = gen_statem:start(?MODULE, {self(), Enter, React}, []),
    Ref = monitor(process, Pid),
    catch sys:suspend(Pid),
    [case Kind of
         cast -> gen_statem:cast(Pid, Label);
         info -> Pid ! Label
     end || {Kind, Label} <- Events],
    catch sys:resume(Pid),
    End = try sys:get_state(Pid) of
              {State, _} -> atom_to_list(State)
          catch
              exit:{timeout, _} -> "busy for ever";
              exit:_ -> "stopped"
          end,
    exit(Pid, kill),
    receive {'DOWN', Ref, _, _, _} -> ok end,
    lists:join(",", collect() ++ [End]).

collect() ->
    receive {log, Line} -> [Line | collect()] after 0 -> [] end.

%% ---- the machine ----------------------------------------------------------------------------

callback_mode() -> [handle_event_function, state_enter].

init(Program) -> {ok, a, Program}.

handle_event(enter, Old, State, {Log, Enter, _}) ->
    Log ! {log, io_lib:format("enter ~s ~s", [Old, State])},
    {keep_state_and_data, [action(A) || A <- maps:get(State, Enter, [])]};
handle_event(Type, Label, State, {Log, _, React} = Data) ->
    Log ! {log, io_lib:format("~s ~b ~s", [type(Type), Label, State])},
    {Step, Terms} = maps:get({Label, State}, React, {keep, []}),
    Actions = [action(A) || A <- Terms],
    case Step of
        keep -> {keep_state_and_data, Actions};
        repeat -> {repeat_state_and_data, Actions};
        stop -> {stop, normal};
        Next -> {next_state, Next, Data, Actions}
    end.

terminate(_, State, {Log, _, _}) ->
    Log ! {log, io_lib:format("terminate ~s", [State])}.

type({timeout, Name}) -> io_lib:format("timeout(~s)", [Name]);
type(Type) -> atom_to_list(Type).

action(postpone) -> postpone;
action({insert, Label}) -> {next_event, internal, Label};
action({start, Timer, zero, Label}) -> {timer(Timer), 0, Label};
action({start, Timer, long, Label}) -> {timer(Timer), 3600000, Label};
action({cancel, Timer}) -> {timer(Timer), cancel};
action({update, Timer, Label}) -> {timer(Timer), update, Label}.

timer(state) -> state_timeout;
timer(event) -> timeout;
timer(Name) -> {timeout, Name}.

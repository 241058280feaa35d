%% Plays the random programs of DifferentialTest on the BEAM and logs what every process saw.
%%
%%   erl +S 1:1 -noinput -run differential main PROGRAMS LOG
%%
%% PROGRAMS has one program a line, steps separated by "|", words by blanks; LOG gets one line a
%% step, and an empty line after each program. The controller takes one step at a time and waits
%% until nothing happens any more: it asks every live process whether it has anything new, until
%% two rounds in a row bring nothing. What has no promised order is sorted.
-module(differential).
-export([main/1, loop/1, start_kid/3, start_sup/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-record(w, {names = #{}, sups = #{}, plain = [], specs = #{}, events = [], dead = [], heard = #{},
            news = 0}).

main([Programs, Log]) ->
    logger:set_primary_config(level, none),
    ets:new(starts, [named_table, public]),
    ets:new(specs, [named_table, public]),
    register(controller, self()),
    process_flag(trap_exit, true),
    {ok, Text} = file:read_file(Programs),
    {ok, Out} = file:open(Log, [write, raw, delayed_write]),
    [ok = file:write(Out, [play(Line), "\n"]) || Line <- string:lexemes(binary_to_list(Text), "\n")],
    ok = file:close(Out),
    halt(0).

play(Line) ->
    ets:delete_all_objects(starts),
    ets:delete_all_objects(specs),
    ets:insert(starts, {program, make_ref()}),
    Steps = [string:lexemes(Step, " ") || Step <- string:lexemes(Line, "|")],
    {Logs, W} = lists:mapfoldl(fun step/2, #w{}, Steps),
    cleanup(W),
    Logs.

cleanup(#w{names = Names}) ->
    Pids = maps:values(Names),
    Refs = [monitor(process, P) || P <- Pids],
    [exit(P, kill) || P <- Pids],
    [receive {'DOWN', R, _, _, _} -> ok end || R <- Refs],
    flush().

flush() ->
    receive _ -> flush() after 0 -> ok end.

%% ---- one step -------------------------------------------------------------------------------

step(Words, W0) ->
    {Result, W1} = perform(Words, W0),
    W2 = settle(W1, 0),
    {describe(Result, Words, W2), W2#w{events = [], dead = [], heard = #{}}}.

perform(["root", "spawn", P], W) ->
    case maps:is_key(P, W#w.names) of
        true -> {skip, W};
        false -> {ok, plain(P, spawn(?MODULE, loop, [[]]), W)}
    end;
perform(["root", "signal", Q, R], W) ->
    with(Q, W, fun(Pid) -> exit(Pid, reason(R)), {ok, W} end);
perform(["def", S, Strategy, Intensity, Auto | Kids], W) ->
    ets:insert(specs, {S, {list_to_atom(Strategy), list_to_integer(Intensity), list_to_atom(Auto),
                           Kids}}),
    {ok, W};
perform(["kid", K, "end", R], W) ->
    with(K, W, fun(Pid) -> gen_server:cast(Pid, {stop, reason(R)}), {ok, W} end);
perform(["sup", S | Words], W) ->
    with(S, W, fun(Pid) -> {supervise(Pid, S, Words), W} end);
perform([P, "spawn" ++ How, Q], W) ->
    case maps:is_key(Q, W#w.names) of
        true -> {skip, W};
        false ->
            Fun = fun(St) ->
                      case How of
                          "" -> {spawn(?MODULE, loop, [[]]), St};
                          "_link" -> {spawn_link(?MODULE, loop, [[]]), St};
                          "_monitor" ->
                              {Pid, Ref} = spawn_monitor(?MODULE, loop, [[]]),
                              {Pid, [{Q, Ref} | St]}
                      end
                  end,
            case order(P, W, Fun) of
                skip -> {skip, W};
                {ok, Pid} -> {ok, plain(Q, Pid, W)}
            end
    end;
perform([P, "start", S], W) ->
    case {alive(S, W), ets:lookup(specs, S), alive(P, W)} of
        {false, [_], true} ->
            Fun = fun(St) ->
                      case start_sup(S, S) of
                          {ok, Pid} -> {{ok, Pid}, St};
                          {error, E} ->
                              %% before OTP 26 a parent that traps exits hears of it twice
                              receive {'EXIT', _, E} -> ok after 0 -> ok end,
                              {{error, E}, St}
                      end
                  end,
            case order(P, W, Fun) of
                {ok, {ok, Pid}} ->
                    monitor(process, Pid),
                    {ok, W#w{names = (W#w.names)#{S => Pid}, sups = (W#w.sups)#{S => Pid}}};
                {ok, {error, E}} -> {{error, E}, W};
                {ok, gone} -> {gone, W};
                skip -> {skip, W}
            end;
        _ -> {skip, W}
    end;
perform([P, "trap", Flag], W) ->
    told(P, W, fun(St) -> {process_flag(trap_exit, list_to_atom(Flag)), St} end);
perform([P, "exit", R], W) ->
    told(P, W, fun(_) -> exit(reason(R)) end);
perform([P, "crash", R], W) ->
    told(P, W, fun(_) -> error(reason(R)) end);
perform([P, Verb, Q | Rest], W) ->
    with(Q, W, fun(Pid) -> told(P, W, fun(St) -> act(Verb, Q, Pid, Rest, St) end) end).

act("link", _, Pid, _, St) ->
    {try link(Pid) catch error:noproc -> exit(noproc) end, St};
act("unlink", _, Pid, _, St) ->
    {unlink(Pid), St};
act("monitor", Q, Pid, _, St) ->
    {true, [{Q, monitor(process, Pid)} | St]};
act("demonitor", Q, _, _, St) ->
    case lists:keytake(Q, 1, St) of
        {value, {_, Ref}, Rest} -> {demonitor(Ref, [flush, info]), Rest};
        false -> {none, St}
    end;
act("signal", _, Pid, [R], St) ->
    {exit(Pid, reason(R)), St}.

supervise(Pid, S, Words) ->
    try supervise1(Pid, S, Words) of
        {ok, P} when is_pid(P) -> ok;
        {ok, undefined} -> ignore;
        {error, {already_started, _}} -> {error, already_started};
        {error, {R, Child}} when element(1, Child) =:= child -> {error, R};
        Other -> Other
    catch exit:{R, {gen_server, call, _}} -> {exit, R}
    end.

supervise1(Pid, _, ["terminate", K]) -> supervisor:terminate_child(Pid, K);
supervise1(Pid, _, ["restart", K]) -> supervisor:restart_child(Pid, K);
supervise1(Pid, _, ["delete", K]) -> supervisor:delete_child(Pid, K);
supervise1(Pid, S, ["add", Kid]) -> supervisor:start_child(Pid, kid(root(S), Kid));
supervise1(Pid, _, ["which"]) ->
    [{list_to_atom(Id), if is_pid(P) -> true; true -> P end}
     || {Id, P, _, _} <- supervisor:which_children(Pid)];
supervise1(Pid, _, ["count"]) -> supervisor:count_children(Pid).

%% The top of the tree that a supervisor was started in.
root(S) ->
    case ets:lookup(starts, {root, S}) of
        [{_, Root}] -> Root;
        [] -> S
    end.

plain(P, Pid, W) ->
    monitor(process, Pid),
    W#w{names = (W#w.names)#{P => Pid}, plain = [P | W#w.plain]}.

with(Name, W, Fun) ->
    case W#w.names of
        #{Name := Pid} -> Fun(Pid);
        _ -> {skip, W}
    end.

alive(Name, #w{names = Names}) ->
    case Names of
        #{Name := Pid} -> is_process_alive(Pid);
        _ -> false
    end.

%% Has a plain process do something; `gone` when it ends by that.
order(P, W, Fun) ->
    case lists:member(P, W#w.plain) andalso alive(P, W) of
        false -> skip;
        true ->
            Pid = maps:get(P, W#w.names),
            Ref = monitor(process, Pid),
            Pid ! {do, self(), Ref, Fun},
            receive
                {Ref, Answer} -> demonitor(Ref, [flush]), {ok, Answer};
                {'DOWN', Ref, _, _, _} -> {ok, gone}
            end
    end.

told(P, W, Fun) ->
    case order(P, W, Fun) of
        skip -> {skip, W};
        {ok, Answer} -> {Answer, W}
    end.

%% A plain process: the state is the monitors it has.
loop(St) ->
    receive
        {do, From, Ref, Fun} ->
            {Answer, St1} = Fun(St),
            From ! {Ref, Answer},
            loop(St1);
        {news, From, Ref} ->
            From ! {Ref, lists:sort(heard())},
            loop(St)
    end.

heard() ->
    receive
        {'EXIT', Pid, R} -> [{'EXIT', Pid, R} | heard()];
        {'DOWN', _, process, Pid, R} -> [{'DOWN', Pid, R} | heard()]
    after 0 -> []
    end.

%% ---- until nothing happens any more ---------------------------------------------------------

settle(W, 2) -> W;
settle(W0, Quiet) ->
    W1 = collect(W0#w{news = 0}),
    W2 = maps:fold(fun ask/3, W1, W1#w.names),
    W3 = collect(W2),
    settle(W3, case W3#w.news of 0 -> Quiet + 1; _ -> 0 end).

ask(Name, Pid, W) ->
    case lists:member(Name, W#w.plain) of
        true ->
            Ref = monitor(process, Pid),
            Pid ! {news, self(), Ref},
            receive
                {Ref, []} -> demonitor(Ref, [flush]), W;
                {Ref, News} ->
                    demonitor(Ref, [flush]),
                    Before = maps:get(Name, W#w.heard, []),
                    W#w{heard = (W#w.heard)#{Name => Before ++ News}, news = W#w.news + 1};
                {'DOWN', Ref, _, _, _} -> W
            end;
        false ->
            try sys:get_state(Pid) of _ -> W catch exit:_ -> W end
    end.

collect(W) ->
    Program = program(),
    receive
        {event, Program, Root, {up, Name, Pid} = E} ->
            collect(event(Root, E, W#w{names = (W#w.names)#{Name => Pid}}));
        {event, Program, Root, E} -> collect(event(Root, E, W));
        {event, _, _, _} -> collect(W); % by one who is left from an earlier program
        {'DOWN', _, process, Pid, R} ->
            collect(W#w{dead = [{Pid, R} | W#w.dead], news = W#w.news + 1})
    after 0 -> W
    end.

event(Root, E, W) ->
    W#w{events = [{Root, E} | W#w.events], news = W#w.news + 1}.

%% ---- the log --------------------------------------------------------------------------------

describe(Result, Words, W) ->
    Names = maps:from_list([{Pid, Name} || {Name, Pid} <- maps:to_list(W#w.names)]),
    Shown = case Words of
                ["p" ++ _ = P | _] when Result =/= skip ->
                    case alive(P, W) of true -> Result; false -> gone end;
                _ -> Result
            end,
    Events = lists:reverse(W#w.events),
    {Orphans, Others} = lists:partition(fun({_, {down, _, killed}}) -> true; (_) -> false end,
                                        Events),
    Roots = lists:usort([Root || {Root, _} <- Events]),
    [show(Shown),
     [[" | ", Root, ":", [[" ", event(E)] || {Rt, E} <- Others, Rt =:= Root],
       lists:sort([[" ", event(E)] || {Rt, E} <- Orphans, Rt =:= Root])] || Root <- Roots],
     [[" | ", Name, " heard", lists:sort([[" ", message(M, Name, Names)] || M <- Heard])]
      || {Name, Heard} <- lists:sort(maps:to_list(W#w.heard)), alive(Name, W)],
     case lists:sort([[" ", maps:get(Pid, Names), "=", show(R)]
                      || {Pid, R} <- W#w.dead, maps:is_key(Pid, Names)]) of
         [] -> [];
         Dead -> [" | dead" | Dead]
     end,
     " | alive", [[" ", N] || {N, Pid} <- lists:sort(maps:to_list(W#w.names)),
                              is_process_alive(Pid)],
     "\n"].

event({up, Name, _}) -> ["up ", Name];
event({What, Name}) -> [atom_to_list(What), " ", Name];
event({down, Name, R}) -> ["down ", Name, " ", show(R)].

%% What comes from outside every process, comes on ours from the receiver itself.
message({Kind, Pid, R}, Self, _) when Pid =:= self() ->
    [atom_to_list(Kind), " ", Self, " ", show(R)];
message({Kind, Pid, R}, _, Names) ->
    [atom_to_list(Kind), " ", maps:get(Pid, Names, "earlier"), " ", show(R)].

show({R, [{M, F, _, _} | _]}) when is_atom(M), is_atom(F) -> ["{", show(R), ",Stack}"];
show(Tuple) when is_tuple(Tuple) ->
    ["{", lists:join(",", [show(E) || E <- tuple_to_list(Tuple)]), "}"];
show([C | _] = Name) when is_integer(C) -> Name;
show(List) when is_list(List) -> ["[", lists:join(",", [show(E) || E <- List]), "]"];
show(Term) -> io_lib:format("~w", [Term]).

reason("{shutdown,x}") -> {shutdown, x};
reason(R) -> list_to_atom(R).

%% ---- supervisors and their children ---------------------------------------------------------

start_sup(Root, S) ->
    case supervisor:start_link(?MODULE, {sup, Root, S}) of
        {ok, Pid} ->
            ets:insert(starts, {{root, S}, Root}),
            if S =/= Root -> tell(program(), Root, {up, S, Pid}); true -> ok end,
            {ok, Pid};
        Error -> Error
    end.

%% ID,RESTART,SHUTDOWN,TRAPS,SIGNIFICANT,FATE; the fate of a supervisor is `s`
kid(Root, Text) ->
    [Id, Restart, Shutdown, Traps, Significant, Fate] = string:lexemes(Text, ","),
    Spec = #{id => Id, restart => list_to_atom(Restart),
             significant => list_to_atom(Significant)},
    case Fate of
        "s" -> Spec#{start => {?MODULE, start_sup, [Root, Id]}, type => supervisor,
                     shutdown => infinity};
        _ -> Spec#{start => {?MODULE, start_kid, [Root, Id, {list_to_atom(Traps), Fate}]},
                   shutdown => case Shutdown of
                                   "brutal" -> brutal_kill;
                                   "infinity" -> infinity;
                                   Limit -> list_to_integer(Limit)
                               end}
    end.

start_kid(Root, Id, How) ->
    gen_server:start_link(?MODULE, {kid, Root, Id, How}, []).

init({sup, Root, S}) ->
    [{_, {Strategy, Intensity, Auto, Kids}}] = ets:lookup(specs, S),
    {ok, {#{strategy => Strategy, intensity => Intensity, period => 3600, auto_shutdown => Auto},
          [kid(Root, Kid) || Kid <- Kids]}};
init({kid, Root, Id, {Traps, Fate}}) ->
    N = ets:update_counter(starts, {Root, Id}, 1, {{Root, Id}, 0}),
    process_flag(trap_exit, Traps),
    case lists:nth(min(N, length(Fate)), Fate) of
        $o -> tell(program(), Root, {up, Id, self()}), {ok, {program(), Root, Id}};
        $i -> tell(program(), Root, {ignore, Id}), ignore;
        $n -> tell(program(), Root, {nope, Id}), {stop, nope}
    end.

program() -> ets:lookup_element(starts, program, 2).

tell(Program, Root, E) -> controller ! {event, Program, Root, E}.

handle_call(_, _, State) -> {reply, ok, State}.

handle_cast({stop, R}, State) -> {stop, R, State}.

handle_info(_, State) -> {noreply, State}.

terminate(R, {Program, Root, Id}) -> tell(Program, Root, {down, Id, R}).

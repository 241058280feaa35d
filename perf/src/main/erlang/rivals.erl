%% The workloads of perf/otp.sh on the BEAM: erl -noinput -run rivals main CASE
%% Prints "name value" lines, as Athanor.java and Pekko.java do.
-module(rivals).
-export([main/1, start_keeper/0, start_named/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-define(MILLION, 1000000).
-define(TIMES, 300000).
-define(COUNTED, 5).

main([Case]) ->
    logger:set_primary_config(level, none),
    %% a process of its own, with a heap of its own
    {_, Ref} = spawn_monitor(fun() -> run(Case) end),
    receive
        {'DOWN', Ref, _, _, normal} -> halt(0);
        {'DOWN', Ref, _, _, Reason} ->
            io:format(standard_error, "~p~n", [Reason]),
            halt(1)
    end.

print(Name, V) when V < 100 -> io:format("~s ~.2f~n", [Name, float(V)]);
print(Name, V) -> io:format("~s ~w~n", [Name, round(V)]).

%% Two rounds to warm up (the BEAM compiles when it loads), then the median.
median(Fun) ->
    Fun(), Fun(),
    Times = lists:sort([begin erlang:garbage_collect(), time(Fun) end
                        || _ <- lists:seq(1, ?COUNTED)]),
    lists:nth(?COUNTED div 2 + 1, Times).

time(Fun) ->
    T0 = erlang:monotonic_time(nanosecond),
    Fun(),
    erlang:monotonic_time(nanosecond) - T0.

rate(Name, Operations, Fun) ->
    print(Name, Operations / median(Fun) * 1.0e3).

percentiles(Name, Nanos) ->
    Sorted = lists:sort(Nanos),
    N = length(Sorted),
    print(Name ++ "_median", lists:nth(N div 2 + 1, Sorted) / 1.0e3),
    print(Name ++ "_p99", lists:nth(trunc(N * 0.99) + 1, Sorted) / 1.0e3).

%% Runs each function in a process of its own and waits for all.
parallel(Funs) ->
    Self = self(),
    Refs = [begin R = make_ref(), spawn_link(fun() -> F(), Self ! R end), R end || F <- Funs],
    [receive R -> ok end || R <- Refs].

kill_all(Pids) ->
    [exit(P, kill) || P <- Pids],
    wait_gone(Pids).

wait_gone([]) -> ok;
wait_gone([P | Rest]) ->
    R = monitor(process, P),
    receive {'DOWN', R, _, _, _} -> wait_gone(Rest) end.

%% ---- processes ------------------------------------------------------------------------------

sink() ->
    receive
        {last, From} -> From ! last, sink();
        _ -> sink()
    end.

run("memory") ->
    Before = erlang:memory(total),
    Pids = [spawn(fun sink/0) || _ <- lists:seq(1, ?MILLION)],
    lists:last(Pids) ! {last, self()},
    receive last -> ok end,
    erlang:garbage_collect(),
    print("memory_plain", (erlang:memory(total) - Before) / ?MILLION - 16),
    lists:foreach(fun(P) -> P ! {last, self()}, receive last -> ok end end, lists:sublist(Pids, 10));
run("alive") ->
    print("alive", alive(0) / ?MILLION);
run("spawn") ->
    Half = ?MILLION div 4,
    Spawner = fun(To) ->
                  fun() ->
                      Pids = [spawn(fun sink/0) || _ <- lists:seq(1, Half)],
                      lists:last(Pids) ! {last, self()},
                      receive last -> ok end,
                      To ! {pids, Pids}
                  end
              end,
    Self = self(),
    Times = [begin
                 T = time(fun() -> parallel([Spawner(Self), Spawner(Self)]) end),
                 [receive {pids, Pids} -> kill_all(Pids) end || _ <- [1, 2]],
                 erlang:garbage_collect(),
                 T
             end || _ <- lists:seq(1, 3)],
    print("spawn", 2 * Half / lists:nth(2, lists:sort(Times)) * 1.0e3);
run("send") ->
    Sink = spawn_link(fun sink/0),
    [begin
         Each = ?MILLION div Senders,
         rate("send_" ++ integer_to_list(Senders), Each * Senders,
              fun() -> parallel([fun() -> flood(Sink, Each) end || _ <- lists:seq(1, Senders)]) end)
     end || Senders <- [1, 8]];
run("pingpong") ->
    [begin
         Trips = 400000 div Pairs,
         rate("pingpong_" ++ integer_to_list(Pairs), Trips * Pairs,
              fun() -> parallel([fun() -> player(Trips) end || _ <- lists:seq(1, Pairs)]) end)
     end || Pairs <- [1, 100]];
run("fairness") ->
    [begin
         P = spawn_link(fun busy/0),
         [P ! tick || _ <- lists:seq(1, 1000)]
     end || _ <- lists:seq(1, 8)],
    Light = spawn_link(fun wall/0),
    percentiles("fairness", lists:nthtail(50, [ask(Light) || _ <- lists:seq(1, 550)]));
run("fanout") ->
    N = 100000,
    Counter = atomics:new(1, []),
    T = ets:new(subscribers, [duplicate_bag, public, {read_concurrency, true}]),
    Self = self(),
    [ets:insert(T, {news, spawn_link(fun() -> subscriber(Counter) end)}) || _ <- lists:seq(1, N)],
    Nanos = median(fun() ->
                       atomics:put(Counter, 1, N),
                       [P ! {news, Self} || P <- ets:lookup_element(T, news, 2)],
                       receive last -> ok end
                   end),
    print("fanout", Nanos / 1.0e6);

%% ---- servers --------------------------------------------------------------------------------

run("server_memory") ->
    Sups = [supervisor(), supervisor()],
    Before = erlang:memory(total),
    parallel([fun() -> start_children(S, ?MILLION div 2) end || S <- Sups]),
    print("server_memory", (erlang:memory(total) - Before) / ?MILLION);
run("start") ->
    N = 100000,
    Times = [begin
                 Sups = [supervisor(), supervisor()],
                 T = time(fun() ->
                              parallel([fun() -> start_children(S, N div 2) end || S <- Sups])
                          end),
                 [begin unlink(S), exit(S, kill) end || S <- Sups],
                 wait_gone(Sups),
                 settle(),
                 T
             end || _ <- lists:seq(1, 3)],
    print("start", N / lists:nth(2, lists:sort(Times)) * 1.0e3);
run("call") ->
    Servers = [element(2, start_keeper()) || _ <- lists:seq(1, 100)],
    One = hd(Servers),
    Calls = 200000,
    rate("call_1_1", Calls, fun() -> parallel([fun() -> call(One, Calls) end]) end),
    Each = Calls div 100,
    rate("call_100_1", Calls,
         fun() -> parallel([fun() -> call(One, Each) end || _ <- Servers]) end),
    rate("call_100_100", Calls,
         fun() -> parallel([fun() -> call(S, Each) end || S <- Servers]) end);
run("restart") ->
    {ok, _} = supervisor:start_link(?MODULE, {one_for_one, self()}),
    receive {up, _} -> ok end,
    percentiles("restart", kills(fun(_) -> victim end));
run("dynamic") ->
    {ok, Sup} = supervisor:start_link(?MODULE, {dynamic, self()}),
    Names = [list_to_atom("child" ++ integer_to_list(I)) || I <- lists:seq(1, 10000)],
    [begin {ok, _} = supervisor:start_child(Sup, [Name]), receive {up, _} -> ok end end
     || Name <- Names],
    Tuple = list_to_tuple(Names),
    percentiles("dynamic", kills(fun(I) -> element(I * 7919 rem 10000 + 1, Tuple) end));

%% ---- tables ---------------------------------------------------------------------------------

%% Registry is Elixir's; this is what it does of it: names in a table for reading, owners checked.
run("registry") ->
    T = ets:new(names, [set, public, {read_concurrency, true}]),
    K = ets:new(keys, [duplicate_bag, public]),
    Names = list_to_tuple([list_to_binary("name" ++ integer_to_list(I))
                           || I <- lists:seq(1, 100000)]),
    Pid = spawn_link(fun sink/0),
    [ets:insert(T, {N, {Pid, 1}}) || N <- tuple_to_list(Names)],
    Lookup = fun() -> registry_lookup(T, Names, ?TIMES) end,
    rate("registry_lookup_1", ?TIMES, fun() -> parallel([Lookup]) end),
    rate("registry_lookup_2", 2 * ?TIMES, fun() -> parallel([Lookup, Lookup]) end),
    rate("registry_register", 200000, fun() -> parallel([fun() -> register_loop(T, K, 200000) end]) end);
run("ets") ->
    T = ets:new(million, [set, public, {read_concurrency, true}, {write_concurrency, auto}]),
    [ets:insert(T, {I * 16#9E3779B9, value}) || I <- lists:seq(1, ?MILLION)],
    Lookup = fun() -> lookups(T, ?TIMES) end,
    rate("ets_lookup_1", ?TIMES, fun() -> parallel([Lookup]) end),
    rate("ets_lookup_2", 2 * ?TIMES, fun() -> parallel([Lookup, Lookup]) end),
    rate("ets_insert", ?TIMES, fun() -> parallel([fun() -> inserts(T, ?TIMES) end]) end),
    Mixed = fun() -> mixed(T, ?TIMES) end,
    rate("ets_mixed_2", 2 * ?TIMES, fun() -> parallel([Mixed, Mixed]) end),
    C = ets:new(counters, [set, public, {write_concurrency, true}, {decentralized_counters, true}]),
    ets:insert(C, [{left, 0}, {right, 0}]),
    Count = fun() -> counting(C, ?TIMES) end,
    rate("ets_counter_2", 2 * ?TIMES, fun() -> parallel([Count, Count]) end);
run(_) ->
    print("none", 0).

%% Processes until 3 GB are in use.
alive(N) ->
    case erlang:memory(total) > 3 * 1024 * 1024 * 1024 of
        true -> N;
        false -> [spawn_link(fun sink/0) || _ <- lists:seq(1, 10000)], alive(N + 10000)
    end.

flood(Sink, 1) ->
    Sink ! {last, self()},
    receive last -> ok end;
flood(Sink, N) ->
    Sink ! tick,
    flood(Sink, N - 1).

player(Trips) ->
    Wall = spawn_link(fun wall/0),
    player(Wall, Trips).

player(Wall, 0) ->
    unlink(Wall),
    exit(Wall, kill);
player(Wall, N) ->
    Wall ! {ball, self()},
    receive ball -> player(Wall, N - 1) end.

wall() ->
    receive {ball, From} -> From ! ball, wall() end.

busy() ->
    receive
        tick ->
            spin(erlang:monotonic_time(nanosecond) + 10000),
            self() ! tick,
            busy()
    end.

spin(End) ->
    case erlang:monotonic_time(nanosecond) < End of
        true -> spin(End);
        false -> ok
    end.

ask(Light) ->
    time(fun() -> Light ! {ball, self()}, receive ball -> ok end end).

subscriber(Counter) ->
    receive
        {news, From} ->
            case atomics:sub_get(Counter, 1, 1) of
                0 -> From ! last;
                _ -> ok
            end,
            subscriber(Counter)
    end.

supervisor() ->
    {ok, Sup} = supervisor:start_link(?MODULE, keepers),
    Sup.

start_children(_, 0) -> ok;
start_children(Sup, N) ->
    {ok, _} = supervisor:start_child(Sup, []),
    start_children(Sup, N - 1).

%% Until the children of a killed supervisor are gone.
settle() ->
    case erlang:system_info(process_count) > 1000 of
        true -> receive after 20 -> settle() end;
        false -> erlang:garbage_collect()
    end.

call(_, 0) -> ok;
call(Server, N) ->
    _ = gen_server:call(Server, {add, 1}),
    call(Server, N - 1).

%% A supervisor looks through the restarts of its period, a second at least, at every restart: so not
%% more than a hundred in that time.
kills(Victim) ->
    lists:append([begin
                      receive after 1100 -> ok end,
                      [kill(Victim(Round * 100 + I)) || I <- lists:seq(1, 100)]
                  end || Round <- lists:seq(1, 10)]).

kill(Name) ->
    Pid = whereis(Name),
    T0 = erlang:monotonic_time(nanosecond),
    exit(Pid, kill),
    receive {up, T1} -> T1 - T0 end.

registry_lookup(_, _, 0) -> ok;
registry_lookup(T, Names, N) ->
    [{_, {Pid, _}}] = ets:lookup(T, element(rand:uniform(100000), Names)),
    true = is_process_alive(Pid),
    registry_lookup(T, Names, N - 1).

register_loop(_, _, 0) -> ok;
register_loop(T, K, N) ->
    ets:insert(K, {self(), one_more}),
    true = ets:insert_new(T, {one_more, {self(), N}}),
    ets:match_delete(T, {one_more, {self(), '_'}}),
    ets:delete_object(K, {self(), one_more}),
    register_loop(T, K, N - 1).

key() -> rand:uniform(?MILLION) * 16#9E3779B9.

lookups(_, 0) -> ok;
lookups(T, N) -> [_] = ets:lookup(T, key()), lookups(T, N - 1).

inserts(_, 0) -> ok;
inserts(T, N) -> ets:insert(T, {key(), other}), inserts(T, N - 1).

mixed(_, 0) -> ok;
mixed(T, N) when N rem 10 =:= 0 -> ets:insert(T, {key(), mixed}), mixed(T, N - 1);
mixed(T, N) -> ets:lookup(T, key()), mixed(T, N - 1).

counting(_, 0) -> ok;
counting(C, N) when N rem 2 =:= 0 -> ets:update_counter(C, left, 1), counting(C, N - 1);
counting(C, N) -> ets:update_counter(C, right, 1), counting(C, N - 1).

%% ---- gen_server and supervisor --------------------------------------------------------------

start_keeper() -> gen_server:start_link(?MODULE, keeper, []).

start_named(Listener, Name) ->
    gen_server:start_link({local, Name}, ?MODULE, {reporting, Listener}, []).

init(keeper) -> {ok, {account, self(), 0}};
init({reporting, Listener}) ->
    Listener ! {up, erlang:monotonic_time(nanosecond)},
    {ok, {account, self(), 0}};
init(keepers) ->
    {ok, {#{strategy => simple_one_for_one, intensity => 1000000, period => 1},
          [#{id => keeper, start => {?MODULE, start_keeper, []}, restart => temporary}]}};
init({one_for_one, Listener}) ->
    {ok, {#{strategy => one_for_one, intensity => 1000000, period => 1},
          [#{id => victim, start => {?MODULE, start_named, [Listener, victim]}}]}};
init({dynamic, Listener}) ->
    {ok, {#{strategy => simple_one_for_one, intensity => 1000000, period => 1},
          [#{id => child, start => {?MODULE, start_named, [Listener]}}]}}.

handle_call({add, N}, _, {account, Id, Sum}) -> {reply, Sum + N, {account, Id, Sum + N}}.
handle_cast(_, State) -> {noreply, State}.
handle_info(_, State) -> {noreply, State}.
terminate(_, _) -> ok.

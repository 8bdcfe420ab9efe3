using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Fuzz;

/// <summary>Somebody who calls: her role in the matrix and her token of the moment.</summary>
internal sealed class FuzzCaller(string name, string role, Func<Task<string?>> signIn)
{
    public string Name { get; } = name;

    public string Role { get; } = role;

    public string? Token { get; private set; }

    /// <summary>The user name of the stand-in for WeChat, for codes that it takes.</summary>
    public string? User { get; init; }

    /// <summary>The canary that she is herself.</summary>
    public Applicant? Canary { get; init; }

    /// <summary>A staff member's id, to notice when the fuzz gives or takes her rights.</summary>
    public string PersonId { get; set; } = "";

    public async Task SignInAsync() => Token = await signIn();
}

/// <summary>Anonymous, workers at every stage of joining, and each role at the county and at one branch.</summary>
internal sealed class Callers(TestHouse house)
{
    private static int accounts;
    private readonly List<FuzzCaller> all = [];

    public IReadOnlyList<FuzzCaller> All => all;

    public List<Applicant> Canaries { get; } = [];

    public async Task GatherAsync()
    {
        all.Add(new FuzzCaller("anonymous", "anonymous", () => Task.FromResult<string?>(null)));
        Add("newcomer", await house.Newcomer());
        Add("with a draft", await house.Draft("jinsui"));
        for (var i = 0; i < 2; i++)
        {
            var canary = await house.Member("jinsui", name: i == 0 ? "欧阳麦浪" : "司徒朝霞");
            Canaries.Add(canary);
            all.Add(new FuzzCaller($"canary {i}", "worker", () => SignInAsync(canary.User)) { User = canary.User, Canary = canary });
        }

        await GrowAsync();
        foreach (var role in Enum.GetValues<Role>())
        {
            AddStaff(role, "county");
        }

        AddStaff(Role.MembershipOfficer, "jinsui");
        AddStaff(Role.UnionChair, "zhaipo");
        AddStaff(Role.SecurityAdministrator, "zhaipo");
        foreach (var caller in all)
        {
            await caller.SignInAsync();
        }
    }

    /// <summary>Another applicant and another member, since the others may be approved, moved or gone by now.</summary>
    public async Task GrowAsync()
    {
        // The union is a new one and the officer too: the fuzz may have closed or disabled any other.
        var union = await house.NewUnion("jinsui");
        var member = await house.Applicant(union);
        var officer = $"approver-{Interlocked.Increment(ref accounts)}";
        await house.AddStaffAsync(officer, Role.MembershipOfficer, union);
        (await (await house.SignInStaff(officer)).Post($"{member.OfficePath}/approval", new { version = member.Version })).MustBe(HttpStatusCode.OK);
        foreach (var (name, worker) in (IEnumerable<(string, Applicant)>)[("applicant", await house.Applicant(union)), ("member", member)])
        {
            if (all.FindIndex(c => c.Name == name) is >= 0 and var old)
            {
                all.RemoveAt(old);
            }

            await Add(name, worker).SignInAsync();
        }
    }

    private FuzzCaller Add(string name, Applicant worker)
    {
        var caller = new FuzzCaller(name, "worker", () => SignInAsync(worker.User)) { User = worker.User };
        all.Add(caller);
        return caller;
    }

    private async Task<string?> SignInAsync(string user) => (await house.SignIn(user)).MustBe(HttpStatusCode.Created)["token"];

    /// <summary>
    /// A new account each time: the fuzz may have disabled the old one, changed its password, or given it more rights
    /// than the matrix knows of.
    /// </summary>
    private void AddStaff(Role role, string union)
    {
        FuzzCaller caller = null!;
        caller = new FuzzCaller($"{role.Word()} of {union}", role.Word(), async () =>
        {
            var name = $"caller-{Interlocked.Increment(ref accounts)}";
            await house.AddStaffAsync(name, role, union);
            var session = (await house.Anonymous().PostWithoutKey("/api/v1/office/sessions", new { name, password = TestHouse.StaffPassword }))
                .MustBe(HttpStatusCode.Created);
            caller.PersonId = session["personId"];
            return session["token"];
        });
        all.Add(caller);
    }
}

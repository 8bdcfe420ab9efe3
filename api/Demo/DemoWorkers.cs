using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Api.Modules.Unions;
using WeChatUnion.WeChatStandIn;

namespace WeChatUnion.Api.Demo;

/// <summary>
/// Loads <c>seeds/demo/workers.csv</c>: people who have not applied yet, applicants and members (active, retained,
/// transferred from the holding union to their own), each with the WeChat user of the stand-in.
/// </summary>
internal sealed class DemoWorkers(
    Database database, FieldCipher cipher, LookupIndex index, WeChatSettings weChat, TimeProvider clock)
{
    private const string HoldingUnion = "holding";

    public async Task LoadAsync(StandIn standIn)
    {
        foreach (var cells in ReferenceFile.Read("workers.csv", "demo"))
        {
            var openId = standIn.OpenIdOf(cells[0]);
            await using var reading = database.Open();
            if (!await reading.WeChatAccounts.AnyAsync(a => a.AppId == weChat.AppId && a.OpenId == openId))
            {
                await database.TransactAsync(db => AddAsync(db, cells, openId), CancellationToken.None);
            }
        }
    }

    private async Task AddAsync(Db db, string[] cells, string openId)
    {
        var now = clock.Milliseconds();
        var personId = Ids.New();
        var phone = cells[3];
        await db.InsertAsync(new PersonRow
        {
            Id = personId,
            PhoneSealed = cipher.Seal(SetPhone.Place, personId, phone),
            PhoneIndex = index.PairOf(SetPhone.IndexKind, phone).Index,
            PhoneFormerIndex = index.PairOf(SetPhone.IndexKind, phone).Former,
            PhoneTail = phone[^4..],
            PhoneVerifiedAt = now,
            CreatedAt = now,
        });
        await db.InsertAsync(new WeChatAccountRow { AppId = weChat.AppId, OpenId = openId, PersonId = personId, CreatedAt = now });
        if (cells[5] == "none")
        {
            return;
        }

        var record = RecordOf(cells, personId, now);
        await db.InsertAsync(record);
        var isMember = cells[5] is "active" or "retained" or "transferred";
        var joined = cells[5] == "transferred" ? HoldingUnion : cells[4];
        var application = await ApplicationOfAsync(db, record, await db.Unions.FirstAsync(u => u.SeedKey == joined), isMember, now);
        await db.InsertAsync(application);
        await db.InsertAsync(new StepRow
        {
            Id = Ids.New(),
            ApplicationId = application.Id,
            Kind = StepKind.Submission,
            PersonId = personId,
            At = now,
        });
        if (isMember)
        {
            var union = await db.Unions.FirstAsync(u => u.SeedKey == cells[4]);
            await AddMembershipAsync(db, application, record, union.Id, cells[5] == "retained", now);
        }
    }

    private static async Task AddMembershipAsync(
        Db db, ApplicationRow application, MemberRecordRow record, string unionId, bool isRetained, long now)
    {
        var membership = await MembershipOfAsync(db, application, record, now);
        var isTransferred = unionId != membership.UnionId;
        await db.InsertAsync(membership with
        {
            UnionId = unionId,
            State = isRetained ? MembershipState.Retained : MembershipState.Active,
            Version = isRetained || isTransferred ? 2 : 1,
        });
        await ChangeAsync("01", null, membership.UnionId);
        if (isTransferred)
        {
            await ChangeAsync(ChangeKind.TransferOut, membership.UnionId, unionId);
            await ChangeAsync(ChangeKind.TransferIn, membership.UnionId, unionId);
        }

        if (isRetained)
        {
            await ChangeAsync(ChangeKind.Retention, unionId, null, RetainMembership.WordOf(RetentionReason.Retirement));
        }

        Task ChangeAsync(string kind, string? from, string? to, string? reasonWord = null) => db.InsertAsync(new MembershipChangeRow
        {
            Id = Ids.New(),
            MembershipId = membership.Id,
            Kind = kind,
            HappenedOn = membership.JoinedOn,
            FromUnionId = from,
            ToUnionId = to,
            ReasonWord = reasonWord,
            PersonId = record.PersonId,
            At = now,
        });
    }

    private MemberRecordRow RecordOf(string[] cells, string personId, long now)
    {
        var id = IdNumber.Parse(cells[2], Instants.DateOf(now))
            ?? throw new InvalidOperationException("seeds/demo/workers.csv 中有证件号码的校验位不对。");
        var pair = index.PairOf(MemberRecordRow.IdNumberIndexKind, IdentityDocument.Indexed("1", id.Number));
        return new MemberRecordRow
        {
            PersonId = personId,
            Name = cells[1],
            IdType = "1",
            IdNumberSealed = cipher.Seal(MemberRecordRow.IdNumberPlace, personId, id.Number),
            IdNumberIndex = pair.Index,
            IdNumberFormerIndex = pair.Former,
            IdValidTo = "long_term",
            Sex = id.Sex,
            BirthOn = id.Birth.Stored(),
            Ethnicity = "01",
            Education = "31",
            EmploymentStatus = "1",
            EmploymentForm = "1",
            NewForm = "0",
            EmployerName = "新乡县演示单位",
            UpdatedAt = now,
        };
    }

    private static async Task<ApplicationRow> ApplicationOfAsync(Db db, MemberRecordRow record, UnionRow union, bool isApproved, long now)
    {
        var calendar = await WorkingDays.ReadAsync(db, CancellationToken.None);
        var today = Instants.DateOf(now);
        return new ApplicationRow
        {
            Id = Ids.New(),
            PersonId = record.PersonId,
            MadeBy = record.PersonId,
            UnionId = union.Id,
            Source = "mini_program",
            State = isApproved ? ApplicationState.Approved : ApplicationState.Submitted,
            Version = 4,
            SubmittedAt = now,
            RemindOn = calendar.After(today, 10).Stored(),
            ContactDueOn = calendar.After(today, 15).Stored(),
            OpenPersonId = isApproved ? null : record.PersonId,
            OpenIdNumberIndex = isApproved ? null : record.IdNumberIndex,
            OpenIdNumberFormerIndex = isApproved ? null : record.IdNumberFormerIndex,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private static async Task<MembershipRow> MembershipOfAsync(Db db, ApplicationRow application, MemberRecordRow record, long now)
    {
        var today = Instants.DateOf(now);
        return new MembershipRow
        {
            Id = Ids.New(),
            PersonId = record.PersonId,
            ApplicationId = application.Id,
            UnionId = application.UnionId!,
            MemberNumber = await ApproveApplication.NextNumberAsync(db, application.UnionId!, today.Year, CancellationToken.None),
            State = MembershipState.Active,
            JoinedOn = today.Stored(),
            LivePersonId = record.PersonId,
            LiveIdNumberIndex = record.IdNumberIndex,
            LiveIdNumberFormerIndex = record.IdNumberFormerIndex,
            Version = 1,
            CreatedAt = now,
        };
    }
}

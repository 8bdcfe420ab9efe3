using System.Globalization;
using System.Text;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>
/// The ten-minute cells of counsellors and rooms. A live appointment, a held one as well, owns one row per resource and
/// cell; their key lets nobody else in, whatever the code before it believed.
/// </summary>
internal static class Cells
{
    /// <returns>False when one of them belongs to another appointment; then none is taken.</returns>
    public static async Task<bool> TakeAsync(Db db, AppointmentRow appointment, CancellationToken cancellation)
    {
        // In one order for everybody, so that two who meet do not wait for each other.
        var resources = new[] { appointment.CounsellorId, appointment.RoomId }.OfType<string>().Order(StringComparer.Ordinal);
        var sql = new StringBuilder("INSERT INTO appointment_cells (resource_id, cell, appointment_id) VALUES ");
        foreach (var (resource, cell) in resources.SelectMany(r => Enumerable.Range(0, appointment.CellCount).Select(i => (r, appointment.FirstCell + i))))
        {
            // Ids are hex and cells are numbers, both our own, so they may stand in the statement.
            sql.Append(CultureInfo.InvariantCulture, $"('{resource}', {cell}, '{appointment.Id}'), ");
        }

        try
        {
            await db.ExecuteAsync(sql.ToString(0, sql.Length - 2), cancellation);
            return true;
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            return false;
        }
    }

    public static Task FreeAsync(Db db, string appointmentId, CancellationToken cancellation) =>
        db.ExecuteAsync("DELETE FROM appointment_cells WHERE appointment_id = @appointmentId", new { appointmentId }, cancellation);

    /// <summary>Whoever decides about the time of counsellors takes their turns first; the key of the cells stands behind it.</summary>
    public static Task TakeTurnsAsync(Db db, IEnumerable<string> counsellorIds, CancellationToken cancellation) =>
        db.ExecuteAmongAsync("UPDATE counsellors SET turn = turn + 1 WHERE id IN (@among)", [.. counsellorIds.Order(StringComparer.Ordinal)], cancellation);
}
